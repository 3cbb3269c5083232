package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A text that is no JSON")
class JsonMistakeTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "{index}: {0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          {| // here|} ~ 2:2: broken JSON: a comment, which JSON does not have; remove it
          {'a':1 /* here */} ~ 1:8: broken JSON: a comment, which
          # here|{} ~ 1:1: broken JSON: a comment, which
          {'edge':{},|} ~ 1:11: broken JSON: a comma after the last entry; remove it
          {'a':[1,2,]} ~ 1:10: broken JSON: a comma after the last entry; remove it
          {'a':1,,'b':2} ~ 1:8: broken JSON: two commas; remove one
          {'a':1|'b':2} ~ 2:1: broken JSON: no comma before this; put one between two entries
          {|'edge':{} ~ 2:10: broken JSON: the end, while the { of 1:1 is open; add a }
          {'a':[1 ~ 1:8: broken JSON: the end, while the [ of 1:6 is open; add a ]
          {'a': ~ 1:6: broken JSON: the end, where a value belongs
          {'a':[1} ~ 1:8: broken JSON: a } where the [ of 1:6 is open; close it with ]
          {'a':{'b':1]} ~ 1:12: broken JSON: a ] where the { of 1:6 is open; close it with }
          {'a:1} ~ 1:2: broken JSON: a text without its closing quote in this line; add a "
          {'a':'b|} ~ 1:6: broken JSON: a text without its closing quote in this line; add a "
          {a':1} ~ 1:2: broken JSON: a key without its opening quote; write "key": value
          {a:1} ~ 1:2: broken JSON: a key without its opening quote
          {'a':5,000} ~ 1:8: broken JSON: a number where a key belongs; a number has no commas, write 5000
          edge: ~ 1:1: broken JSON: no { at its beginning; it is one JSON object, { "key": value }
          {|<<<<<<< HEAD|'a':1} ~ 2:1: broken JSON: the mark of a merge conflict; keep one side, and remove the marks
          {'a':1|=======|,'b':2} ~ 2:1: broken JSON: the mark of a merge conflict
          {'a':1,|>>>>>>> other|} ~ 2:1: broken JSON: the mark of a merge conflict
          {'a':hidden} ~ 1:6: broken JSON: a text without its opening quote; put it in double quotes
          {'a':hidden'} ~ 1:6: broken JSON: a text without its opening quote
          {`a`:1} ~ 1:2: broken JSON: a key in single quotes; JSON wants double quotes
          {'a':`b`} ~ 1:6: broken JSON: a text in single quotes; JSON wants double quotes
          {'a' 1} ~ 1:6: broken JSON: no colon after this key; write "key": value
          {'a':1,'b':2,'a':3} ~ 1:14: broken JSON: this key a second time, first at 1:2; keep one
          {'a':True} ~ 1:6: broken JSON: true, false and null are written in lower case
          {'a':0123} ~ 1:6: broken JSON: no number as JSON has them; write 1000, 0.5 or -3, or
          {'a':1_000} ~ 1:6: broken JSON: no number as JSON has them
          {'a':.5} ~ 1:6: broken JSON: no number as JSON has them
          {'a':'C:\\data'} ~ 1:9: broken JSON: a single backslash; write it twice, or / in a path
          {'a':'\\u12'} ~ 1:7: broken JSON: a single backslash
          {} {} ~ 1:4: broken JSON: something follows the closing brace; remove it
          """)
  @DisplayName("is refused with line, column and cure")
  void mistakes(String json, String message) {
    String text = json.replace('|', '\n').replace('\'', '"').replace('`', '\'');

    assertThat(JsonMistake.in(text)).startsWith(message).doesNotContain("hidden");
  }

  @Test
  @DisplayName("is refused in one line that begins with the file's name")
  void refusal() {
    assertThat(new Setup(dir).conf("{'broker':{},}").refusal())
        .isEqualTo(
            dir.resolve("conf.json")
                + ":1:13: broken JSON: a comma after the last entry; remove it");
  }

  @Test
  @DisplayName("is JSON that is too long for the parser, which is told with its place")
  void tooLong() {
    assertThat(
            new Setup(dir).conf("{|'a':1".replace('|', '\n') + "0".repeat(1_500) + "}").refusal())
        .endsWith("conf.json:2:5: broken JSON: a number of more than 1000 digits");
    assertThat(new Setup(dir).conf("{'" + "k".repeat(60_000) + "':1}").refusal())
        .endsWith("conf.json:1:2: broken JSON: a key of more than 50000 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          {"a":[],"b":{},"c":[{}],"d":[1,-2.5e3,true,false,null,"x\\n\\u00e9\\\\"]}
          {}
          """)
  @DisplayName("is nothing that is JSON: there the parser is asked, and this says it does not know")
  void none(String json) {
    assertThat(JsonMistake.in(json)).startsWith("1:1: broken JSON: no JSON, though");
  }
}
