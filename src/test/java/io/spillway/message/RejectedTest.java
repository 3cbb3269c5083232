package io.spillway.message;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A rejected message")
class RejectedTest {
  @Test
  @DisplayName("becomes one JSON line with topic, time, reason, size and the bytes in base64")
  void line() {
    byte[] payload = {0, 10, 13, 34, (byte) 0xff};
    String line =
        new String(
            new Rejected("a/\"b\"\n", 7, "not \\ JSON\n", payload, 900).toLine(),
            StandardCharsets.UTF_8);

    assertThat(line).endsWith("}\n");
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonObject json = new JsonObject(line);
    assertThat(json.getString("topic")).isEqualTo("a/\"b\"\n");
    assertThat(json.getString("time")).isEqualTo("1970-01-01T00:00:00.007Z");
    assertThat(json.getString("reason")).isEqualTo("not \\ JSON\n");
    assertThat(json.getLong("size")).isEqualTo(900);
    assertThat(Base64.getDecoder().decode(json.getString("payload"))).isEqualTo(payload);
  }

  @Test
  @DisplayName("may be empty")
  void empty() {
    String line =
        new String(new Rejected("t", 0, "empty", utf8(""), 0).toLine(), StandardCharsets.UTF_8);
    assertThat(new JsonObject(line).getString("payload")).isEmpty();
  }
}
