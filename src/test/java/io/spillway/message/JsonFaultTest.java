package io.spillway.message;

import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A fault of a JSON text")
class JsonFaultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'v':NaN}|not valid JSON: NaN is no JSON value, byte ",
        "{'v':-Infinity}|not valid JSON: -Infinity is no JSON value, byte ",
        "{'v':tru}|not valid JSON: tru is no JSON value, byte ",
        "{'v':1,}|not valid JSON: unexpected }, byte ",
        "{'v':1;}|not valid JSON: unexpected ;, byte ",
        "{'v':01}|not valid JSON: ",
        "{'v':|not valid JSON: it ends too early",
        "{'v':'a|not valid JSON: it ends too early",
      })
  @DisplayName("is told without the words of the parser")
  void words(String text, String words) {
    assertThat(fault(text.replace('\'', '"')))
        .startsWith(words)
        .doesNotContain("Feature", "enable", "JSON_", "code ", "token");
  }

  @Test
  @DisplayName("is told as a limit where the text is beyond one")
  void limits() {
    assertThat(fault("{\"v\":" + "[".repeat(1_100) + "]".repeat(1_100) + "}"))
        .isEqualTo("JSON beyond a limit: arrays or objects are nested too deep");
    assertThat(fault("{\"v\":" + "1".repeat(1_100) + "}"))
        .isEqualTo("JSON beyond a limit: a number has too many digits");
    assertThat(fault("{\"" + "n".repeat(60_000) + "\":1}"))
        .isEqualTo("JSON beyond a limit: a member's name is too long");
  }

  private static String fault(String text) {
    byte[] bytes = utf8(text);
    return catchThrowable(() -> new Payload().requireObject(bytes, 0, bytes.length)).getMessage();
  }
}
