package io.spillway.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.server.live.Command.Data;
import io.spillway.server.live.Command.Ping;
import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.live.Command.Unsubscribe;
import io.spillway.server.live.Command.Wrong;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A command of a live client")
class CommandTest {
  private static Command parse(String text) {
    return Command.parse(text.getBytes(UTF_8));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is a ping, whatever else it says")
  @ValueSource(
      strings = {
        "{\"type\":\"ping\"}",
        " {\n\"type\" : \"ping\" }\n",
        "{\"type\":\"ping\",\"id\":7}",
        "{\"t\\u0079pe\":\"p\\u0069ng\"}"
      })
  void ping(String text) {
    assertThat(parse(text)).isEqualTo(new Ping());
    assertThat(Command.problem(parse(text))).isNull();
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("subscribes to topics, from an offset or from now on")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"subscribe","topics":["a"]}                             | 0
          {"type":"subscribe","topics":["a"],"since":null}                | 0
          {"type":"subscribe","topics":["a"],"since":0}                   | 1
          {"type":"subscribe","topics":["a"],"since":1}                   | 1
          {"type":"subscribe","topics":["a","a"],"since":4000}            | 4000
          {"type":"subscribe","topics":["a"],"since":9223372036854775807} | 9223372036854775807
          {"since":7,"more":{},"topics":["a"],"type":"subscribe"}         | 7
          """)
  void subscribes(String text, long since) {
    assertThat(parse(text)).isEqualTo(new Subscribe(List.of("a"), since));
  }

  @Test
  @DisplayName("keeps the topics in their order, each once")
  void topics() {
    assertThat(parse("{\"type\":\"unsubscribe\",\"topics\":[\"b\",\"a/+\",\"b\",\"#\"]}"))
        .isEqualTo(new Unsubscribe(List.of("b", "a/+", "#")));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is wrong with a type it does not know, and says which it does")
  @ValueSource(
      strings = {
        "{\"type\":\"Ping\"}",
        "{\"type\":\"subscribed\",\"topics\":[\"a\"]}",
        "{\"type\":7}",
        "{\"type\":{\"a\":1}}",
        "{\"type\":\"\"}"
      })
  void unknown(String text) {
    assertThat(parse(text)).isInstanceOf(Wrong.class);
    assertThat(Command.problem(parse(text))).contains("known: subscribe, unsubscribe, ping");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is wrong with topics or an offset that cannot be")
  @ValueSource(
      strings = {
        "{\"type\":\"subscribe\"}",
        "{\"type\":\"subscribe\",\"topics\":[]}",
        "{\"type\":\"subscribe\",\"topics\":\"a\"}",
        "{\"type\":\"subscribe\",\"topics\":{\"a\":1}}",
        "{\"type\":\"subscribe\",\"topics\":[1]}",
        "{\"type\":\"subscribe\",\"topics\":[null]}",
        "{\"type\":\"subscribe\",\"topics\":[[\"a\"]]}",
        "{\"type\":\"subscribe\",\"topics\":[\"\"]}",
        "{\"type\":\"subscribe\",\"topics\":[\"a/#/b\"]}",
        "{\"type\":\"subscribe\",\"topics\":[\"a+\"]}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":-1}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":1.5}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":1e3}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":\"1\"}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":true}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":9223372036854775808}",
        "{\"type\":\"subscribe\",\"topics\":[\"a\"],\"since\":1e999}",
        "{\"type\":\"unsubscribe\"}",
        "{\"type\":\"unsubscribe\",\"topics\":[false]}"
      })
  void wrong(String text) {
    assertThat(parse(text)).isInstanceOf(Wrong.class);
    assertThat(Command.problem(parse(text))).isNotBlank();
  }

  @Test
  @DisplayName("is wrong with more topics than may be, or one that is too long")
  void tooMany() {
    String many = "\"x\"" + ",\"y%d\"".repeat(100);
    for (int i = 0; i < 100; i++) {
      many = many.replaceFirst("%d", "" + i);
    }
    assertThat(parse("{\"type\":\"subscribe\",\"topics\":[" + many + "]}"))
        .isInstanceOf(Wrong.class);
    String large = "x".repeat(1_025);
    Command command = parse("{\"type\":\"subscribe\",\"topics\":[\"" + large + "\"]}");
    assertThat(Command.problem(command)).contains("1024").hasSizeLessThan(200);
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is none but data, if it is not an object, or has members that no command has")
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "7",
        "\"ping\"",
        "[]",
        "[{\"type\":\"ping\"}]",
        "{}",
        "{\"t\":21.5}",
        "{\"type\":\"alert\",\"level\":3}",
        "{\"type\":null}",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\"}{\"type\":\"ping\"}",
        "{\"a\":1}\n{\"b\":2}",
        "{type:\"ping\"}",
        "{\"type\":NaN}",
        "{\"type\":\"ping\",\"x\":\"\\ud800\\q\"}"
      })
  void data(String text) {
    assertThat(parse(text)).isInstanceOf(Data.class);
    assertThat(Command.problem(parse(text))).isNotBlank();
  }

  @Test
  @DisplayName("may be nested deeper, or have longer numbers, than can be read")
  void extremes() {
    String deep = String.join("", Collections.nCopies(20_000, "{\"a\":"));
    assertThat(parse(deep)).isInstanceOf(Data.class);
    assertThat(parse("[".repeat(60_000))).isInstanceOf(Data.class);
    assertThat(parse("{\"type\":" + "9".repeat(60_000) + "}"))
        .isInstanceOfAny(Data.class, Wrong.class);
    assertThat(parse("{\"type\":\"" + "x".repeat(60_000) + "\"}"))
        .satisfies(wrong -> assertThat(Command.problem(wrong)).hasSizeLessThan(200));
    byte[] notUtf8 = {'{', '"', 't', (byte) 0xff, '"', ':', '1', '}'};
    assertThat(Command.parse(notUtf8)).isInstanceOf(Data.class);
  }
}
