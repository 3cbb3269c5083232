package io.spillway.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The writer of events")
class EventWriterTest {
  private static final long SENT = 1_700_000_000_000L;
  private static final long ARRIVED = SENT + 7;
  private static final String TAIL =
      "\"_key\":\"tour.availability.low\",\"_id\":\"rabbit.q.m1#0\","
          + "\"_ts_src\":\"2023-11-14T22:13:20.007Z\"}\n";

  private final EventWriter writer = new EventWriter();
  private final List<String> ids = new ArrayList<>();
  private Lines.Builder out = new Lines.Builder(16);

  private String written(String body) throws RejectedPayload {
    return written(body, "tour.availability.low", "rabbit.q.m1", Set.of());
  }

  private String written(String body, String key, String id, Set<String> stored)
      throws RejectedPayload {
    out = new Lines.Builder(16);
    ids.clear();
    writer.write(event(body, key, id), stored::contains, out, ids);
    Lines lines = out.build();
    return new String(lines.array(), lines.from(), lines.length(), UTF_8);
  }

  private static Event event(String body, String key, String id) {
    return new Event(body.getBytes(UTF_8), key, id, SENT, ARRIVED);
  }

  @Test
  @DisplayName("leaves an event with type and timestamp as it came, and adds where it came from")
  void whole() throws RejectedPayload {
    String body = "{ \"type\":\"a.b\",  \"data\":{\"type\":1},\"timestamp\":\"2025\" ";
    assertThat(written(body + "}")).isEqualTo(body + "," + TAIL);
    assertThat(ids).containsExactly("rabbit.q.m1#0");
  }

  @Test
  @DisplayName("adds the routing key as type, and when it was sent, where the body has none")
  void added() throws RejectedPayload {
    String added = "\"type\":\"tour.availability.low\",\"timestamp\":\"2023-11-14T22:13:20.000Z\",";
    assertThat(written("{\"data\":{}}")).isEqualTo("{\"data\":{}," + added + TAIL);
    assertThat(written("{}")).isEqualTo("{" + added + TAIL);
    assertThat(written("{\n  \"a\": 1,\n  \"b\": [1,\n 2]\n}\n"))
        .isEqualTo("{\"a\": 1,\"b\": [1,2]," + added + TAIL);
  }

  @Test
  @DisplayName("counts a type that is no text and a timestamp that is null as none")
  void noType() throws RejectedPayload {
    JsonObject event = new JsonObject(written("{\"type\":null,\"timestamp\":null,\"n\":1}"));
    assertThat(event.getString("type")).isEqualTo("tour.availability.low");
    assertThat(event.getString("timestamp")).isEqualTo("2023-11-14T22:13:20.000Z");
    assertThat(written("{\"type\":7}")).doesNotContain("7,\"type").startsWith("{\"type\":\"tour");
    assertThat(written("{\"timestamp\":17}")).startsWith("{\"timestamp\":17,\"type\"");
  }

  @Test
  @DisplayName("gives no type where the routing key is empty")
  void noKey() throws RejectedPayload {
    assertThat(new JsonObject(written("{\"n\":1}", "", "i", Set.of())).containsKey("type"))
        .isFalse();
    assertThat(written("{\"type\":7}", "", "i", Set.of())).startsWith("{\"type\":7,");
  }

  @Test
  @DisplayName("lets its own members win over the body's, _topic included")
  void reserved() throws RejectedPayload {
    String body =
        "{\"_topic\":\"a/b\",\"_key\":1,\"_id\":\"x\",\"_ts_src\":2,\"_retained\":true,\"n\":1}";
    JsonObject event = new JsonObject(written(body));

    assertThat(event.fieldNames())
        .containsExactlyInAnyOrder("n", "type", "timestamp", "_key", "_id", "_ts_src");
    assertThat(event.getString("_id")).isEqualTo("rabbit.q.m1#0");
  }

  @Test
  @DisplayName("makes a record of each element of an array, each with its own id")
  void array() throws RejectedPayload {
    String[] lines = written("[{\"n\":0},7,[{}]]").split("\n", -1);

    assertThat(lines).hasSize(4);
    assertThat(lines[0]).startsWith("{\"n\":0,\"type\":").contains("m1#0\"");
    assertThat(lines[1]).startsWith("{\"value\":7,\"type\":").contains("m1#1\"");
    assertThat(lines[2]).startsWith("{\"value\":[{}],\"type\":").contains("m1#2\"");
    assertThat(ids).containsExactly("rabbit.q.m1#0", "rabbit.q.m1#1", "rabbit.q.m1#2");
  }

  @Test
  @DisplayName("leaves out the records that are stored already, and only those")
  void stored() throws RejectedPayload {
    Set<String> stored = Set.of("rabbit.q.m1#0", "rabbit.q.m1#1");
    String text = written("[{\"n\":0},{\"n\":1},{\"n\":2}]", "k", "rabbit.q.m1", stored);

    assertThat(text).startsWith("{\"n\":2,").contains("m1#2").hasLineCount(1);
    assertThat(ids).containsExactly("rabbit.q.m1#2");
    int left = writer.write(event("[1,2]", "k", "rabbit.q.m1"), stored::contains, out, ids);
    assertThat(left).isEqualTo(2);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"", " ", "7", "\"text\"", "nonsense", "{\"n\":1", "{} {}", "[]", "[1,}"})
  @DisplayName("rejects what is no JSON object or array, and adds nothing of it")
  void rejects(String body) {
    assertThatThrownBy(() -> written(body)).isInstanceOf(RejectedPayload.class);
    assertThat(out.length()).isZero();
    assertThat(ids).isEmpty();
  }

  @Test
  @DisplayName("skips a byte order mark in front of the body")
  void byteOrderMark() throws RejectedPayload {
    assertThat(written("\ufeff{\"n\":1}")).startsWith("{\"n\":1,");
    assertThat(written("\ufeff[1]")).startsWith("{\"value\":1,");
  }

  @Test
  @DisplayName("rejects an array that would become too many records")
  void tooMany() throws RejectedPayload {
    String most = "[" + "1,".repeat(EventWriter.RECORDS_MAX - 1) + "1";
    assertThat(written(most + "]")).hasLineCount(EventWriter.RECORDS_MAX);
    assertThatThrownBy(() -> written(most + ",1]")).hasMessageContaining("10,000");
    assertThat(ids).isEmpty();
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {"m1", "order.17", "a\"b", "\",\"_id\":\"rabbit.q.x", "\\", "é€😀", "\u0001"})
  @DisplayName("finds the id of its own line again")
  void findsId(String messageId) throws RejectedPayload {
    byte[] line = written("{\"n\":1}", "a\"k", "rabbit.q." + messageId, Set.of()).getBytes(UTF_8);

    String id = EventWriter.idOf(line, 0, line.length - 1);

    assertThat(id).isEqualTo(JsonText.escape("rabbit.q." + messageId + "#0"));
    assertThat(ids).containsExactly(id);
    assertThat(new JsonObject(new String(line, UTF_8)).getString("_id"))
        .isEqualTo("rabbit.q." + messageId + "#0");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"n\":1,\"_topic\":\"t\",\"_retained\":false,\"_id\":\"e.3f9a1c2e.17\"}",
        "{\"n\":1,\"_topic\":\"t\",\"_ts_src\":\"2023-11-14T22:13:20.007Z\",\"_retained\":true}",
        "{\"n\":1,\"_ts_src\":\"2023-11-14T22:13:20.007Z\"}",
        "\",\"_ts_src\":\"2023-11-14T22:13:20.007Z\"}"
      })
  @DisplayName("finds no id in the line of another")
  void findsNoId(String line) {
    assertThat(EventWriter.idOf(line.getBytes(UTF_8), 0, line.getBytes(UTF_8).length)).isNull();
  }
}
