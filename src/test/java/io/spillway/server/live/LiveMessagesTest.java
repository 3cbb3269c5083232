package io.spillway.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the server says to live clients")
class LiveMessagesTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @Test
  @DisplayName("greets with the client's name and the offset that the next record gets")
  void greeting() {
    UUID id = UUID.randomUUID();
    JsonObject greeting = new JsonObject(LiveMessages.connection(id, 5_120, 1_763_546_700_123L));
    assertThat(greeting.getString("type")).isEqualTo("connection");
    assertThat(greeting.getString("clientId")).isEqualTo(id.toString());
    assertThat(greeting.getString("message")).isNotBlank();
    assertThat(greeting.getLong("offset")).isEqualTo(5_120);
    assertThat(greeting.getString("timestamp")).matches(TIME);
  }

  @Test
  @DisplayName("answers subscriptions with a gap or a reset only where there is one")
  void subscribed() {
    assertThat(new JsonObject(LiveMessages.subscribed(List.of("a", "b/#"), 7, null, false)))
        .isEqualTo(
            new JsonObject()
                .put("type", "subscribed")
                .put("topics", new JsonArray().add("a").add("b/#"))
                .put("offset", 7));
    JsonObject gap =
        new JsonObject(LiveMessages.subscribed(List.of("a"), 7, new LiveMessages.Gap(2, 5), false));
    assertThat(gap.getJsonObject("gap")).isEqualTo(new JsonObject("{\"from\":2,\"to\":5}"));
    assertThat(
            new JsonObject(LiveMessages.subscribed(List.of("a"), 7, null, true))
                .getBoolean("reset"))
        .isTrue();
    assertThat(LiveMessages.unsubscribed(List.of("a")))
        .isEqualTo("{\"type\":\"unsubscribed\",\"topics\":[\"a\"]}");
    assertThat(LiveMessages.gap(2, 5))
        .isEqualTo("{\"type\":\"gap\",\"gap\":{\"from\":2,\"to\":5}}");
  }

  @Test
  @DisplayName("is JSON whatever a reason contains")
  void escaped() {
    String odd = "\"\\\n\u0000\u2028</script>é";
    assertThat(new JsonObject(LiveMessages.error(odd)).getString("reason")).isEqualTo(odd);
    assertThat(
            new JsonObject(LiveMessages.subscribed(List.of(odd), 1, null, false))
                .getJsonArray("topics"))
        .containsExactly(odd);
  }

  @Test
  @DisplayName("tells the time in pings and pongs")
  void timed() {
    assertThat(new JsonObject(LiveMessages.ping(0)).getString("type")).isEqualTo("ping");
    assertThat(new JsonObject(LiveMessages.pong(0)).getString("type")).isEqualTo("pong");
    assertThat(new JsonObject(LiveMessages.pong(0)).getString("timestamp")).matches(TIME);
  }
}
