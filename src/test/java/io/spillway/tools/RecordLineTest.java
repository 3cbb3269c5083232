package io.spillway.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A line of a journal")
class RecordLineTest {
  private final RecordLine line = new RecordLine();

  @Test
  @DisplayName("belongs to the edge, epoch and seq of its _id, wherever that stands")
  void id() throws IOException {
    assertThat(read("{\"t\":1,\"_id\":\"pi.attic.3f9a.1042\"}")).isNull();
    assertThat(line.series()).isEqualTo("pi.attic.3f9a");
    assertThat(line.seq()).isEqualTo(1042);
    assertThat(read("{\"_id\":\"b.e.7\",\"a\":[{\"_id\":\"b.e.8\"}]}")).isNull();
    assertThat(line.series()).isEqualTo("b.e");
    assertThat(line.seq()).isEqualTo(7);
  }

  @Test
  @DisplayName("may say which number it had, beside the one that it has")
  void claimed() throws IOException {
    assertThat(read("{\"_claimed_id\":\"pi.3f9a.12\"}")).isNull();
    assertThat(line.seq()).isZero();
    assertThat(line.claimedSeq()).isEqualTo(12);
    assertThat(line.claimedSeries()).isEqualTo("pi.3f9a");
    assertThat(read("{\"_id\":\"b.e.7\",\"_claimed_id\":\"pi.3f9a.13\"}")).isNull();
    assertThat(line.series() + line.seq()).isEqualTo("b.e7");
    assertThat(line.claimedSeries() + line.claimedSeq()).isEqualTo("pi.3f9a13");
    assertThat(read("{\"a\":1}")).isNull();
    assertThat(line.claimedSeq()).isZero();
  }

  @Test
  @DisplayName("that is torn is told with the place, and what it is not is said once")
  void torn() throws IOException {
    assertThat(read("{\"a\":1")).isEqualTo("not a JSON object: it ends too early");
    assertThat(read("{\"a\":x}")).startsWith("not a JSON object: x is no JSON value, byte ");
  }

  @Test
  @DisplayName("has no id when only a nested object or a text mentions one")
  void nested() throws IOException {
    assertThat(read("{\"a\":{\"_id\":\"b.e.8\"},\"b\":\"\\\"_id\\\":\\\"b.e.8\\\"\"}")).isNull();
    assertThat(line.hasId()).isFalse();
    assertThat(line.seq()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "{\"$oid\":\"a\"}",
        "\"a.b\"",
        "\"a.b.01\"",
        "\"..1\"",
        "\".b.1\"",
        "\"a.b.\"",
        "\"12\"",
        "\"\"",
        "\"a.b.9999999999999999999\""
      })
  @DisplayName("may have an _id that is not of our form")
  void foreign(String id) throws IOException {
    assertThat(read("{\"_id\":" + id + "}")).isNull();
    assertThat(line.hasId()).isTrue();
    assertThat(line.seq()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1",
        "\"a\"",
        "{\"a\":1}}",
        "{\"a\":1}{\"a\":2}",
        "a\":1}",
        "\0\0\0",
        "{\"a\":1,}",
        " "
      })
  @DisplayName("is none when it is not one whole JSON object")
  void torn(String text) throws IOException {
    assertThat(read(text)).isNotBlank();
  }

  @Test
  @DisplayName("is none when it is not UTF-8")
  void notUtf8() throws IOException {
    byte[] bytes = "{\"a\":\"x\"}".getBytes(UTF_8);
    bytes[6] = (byte) 0xff;
    assertThat(line.read(bytes, 0, bytes.length)).isNotBlank();
  }

  private String read(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    return line.read(bytes, 0, bytes.length);
  }
}
