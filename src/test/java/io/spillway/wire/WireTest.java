package io.spillway.wire;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spillway.message.Lines;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Skip;
import io.spillway.wire.WireMessage.Welcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("On the wire")
class WireTest {
  private static final String BATCH = "{\"type\":\"batch\",\"first\":1042,\"count\":2}\n";

  static Stream<WireMessage> oneLine() {
    return Stream.of(
        new Hello("pi-attic", "3f9a1c2e", 1042),
        new Hello("A_-z".repeat(16), "0", 0),
        new Welcome(1042, 8, 1000, 1_048_576),
        new Welcome(1042, 8, 1000, 1_048_576, 2_000),
        new Hello("pi-attic", "3f9a1c2e", 1042, "0123456789abcdef0123456789abcdef", 1040),
        new Hello("pi-attic", "3f9a1c2e", 1042, "0123456789abcdef0123456789abcdef", 1040, 901),
        new Welcome(1042, 8, 1000, 1_048_576, 2_000, 401),
        new Welcome(1042, 8, 1000, 1_048_576, 0, 0, true),
        new Hello("pi-attic", "3f9a1c2e", 1042, null, 1, 1, false),
        new Skip(1050, 20),
        new Ack((1L << 53) - 1),
        new Reject(1050, "not \"JSON\"\n é"));
  }

  @ParameterizedTest
  @MethodSource("oneLine")
  @DisplayName("a message of one line is read as it was written")
  void roundTrip(WireMessage message) throws WireException {
    String text = Wire.encode(message);
    assertThat(text).doesNotContain("\n");
    assertThat(Wire.decode(utf8(text))).isEqualTo(message);
    assertThat(Wire.decode(utf8(text + "\n"))).isEqualTo(message);
  }

  @Test
  @DisplayName("messages look as the protocol says")
  void asDocumented() {
    assertThat(Wire.encode(new Hello("pi-attic", "3f9a1c2e", 1042)))
        .isEqualTo(
            "{\"type\":\"hello\",\"edge\":\"pi-attic\",\"epoch\":\"3f9a1c2e\",\"first\":1042,\"features\":[\"skip\"],\"version\":1}");
    assertThat(Wire.encode(new Welcome(1042, 8, 1000, 1_048_576)))
        .isEqualTo(
            "{\"type\":\"welcome\",\"next\":1042,\"window\":8,\"maxRecords\":1000,\"maxBytes\":1048576}");
    assertThat(Wire.encode(new Welcome(1, 8, 1000, 1_048_576, 2_000)))
        .endsWith(",\"maxBytes\":1048576,\"status\":2000}");
    assertThat(Wire.encode(new Hello("pi", "e", 9, null, 8)))
        .endsWith(",\"first\":9,\"acknowledged\":8,\"features\":[\"skip\"],\"version\":1}");
    assertThat(Wire.encode(new Welcome(9, 8, 1000, 1_048_576, 0, 4)))
        .endsWith(",\"maxBytes\":1048576,\"lostFrom\":4}");
    assertThat(Wire.encode(new Welcome(9, 8, 1000, 1_048_576, 0, 0, true)))
        .endsWith(",\"maxBytes\":1048576,\"features\":[\"skip\"]}");
    assertThat(Wire.encode(new Skip(1050, 20)))
        .isEqualTo("{\"type\":\"skip\",\"first\":1050,\"count\":20}");
    assertThat(Wire.encode(new Ack(1142))).isEqualTo("{\"type\":\"ack\",\"next\":1142}");
    assertThat(Wire.encode(new Reject(1050, "why")))
        .isEqualTo("{\"type\":\"reject\",\"seq\":1050,\"reason\":\"why\"}");
    assertThat(Wire.encode(new BatchMessage(1042, lines("{\"a\":1}", "{}"))))
        .isEqualTo(BATCH + "{\"a\":1}\n{}\n");
  }

  @Test
  @DisplayName("a batch keeps its records byte for byte, also from the middle of a block")
  void batch() throws WireException {
    Lines middle =
        lines("{\"x\":0}", "{\"a\":\"é\ud83d\ude00\"}", "{}", "{\"y\":9}").skip(1).limit(2);
    WireMessage decoded = Wire.decode(utf8(Wire.encode(new BatchMessage(7, middle))));
    assertThat(decoded).isInstanceOf(BatchMessage.class);
    BatchMessage batch = (BatchMessage) decoded;
    assertThat(batch.first()).isEqualTo(7);
    assertThat(texts(batch.lines())).containsExactly("{\"a\":\"é\ud83d\ude00\"}", "{}");
  }

  @Test
  @DisplayName("the last line of a batch may lack its line end")
  void noLastLineEnd() throws WireException {
    BatchMessage batch = (BatchMessage) Wire.decode(utf8(BATCH + "{\"a\":1}\n{}"));
    assertThat(texts(batch.lines())).containsExactly("{\"a\":1}", "{}");
    assertThat(batch.lines().endOfLine(batch.lines().skip(1).from())).isEqualTo(batch.lines().to());
  }

  @Test
  @DisplayName("a batch of none may have its line end, or not")
  void emptyBatch() throws WireException {
    String none = "{\"type\":\"batch\",\"first\":1,\"count\":0}";
    for (String text : List.of(none, none + "\n")) {
      assertThat(((BatchMessage) Wire.decode(utf8(text))).lines().count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}\n", "{}\n{}\n{}\n", "{}\n{}\n\n", "{}\n{}\n{}"})
  @DisplayName("a batch is refused whose count is not that of its lines")
  void countMismatch(String body) {
    assertThat(refusal(BATCH + body)).contains("count says 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        " ",
        "hello",
        "[]",
        "42",
        "null",
        "{",
        "{}",
        "{\"type\":null}",
        "{\"type\":7}",
        "{\"type\":\"shout\"}",
        "{\"type\":[\"ack\"]}",
        "{\"type\":\"ack\"}",
        "{\"type\":\"ack\",\"next\":\"7\"}",
        "{\"type\":\"ack\",\"next\":-1}",
        "{\"type\":\"ack\",\"next\":1.0}",
        "{\"type\":\"ack\",\"next\":99999999999999999999}",
        "{\"type\":\"ack\",\"next\":null}",
        "{\"type\":\"ack\",\"next\":true}",
        "{\"type\":\"hello\",\"edge\":\"pi\",\"epoch\":\"e\",\"first\":1,\"version\":2}",
        "{\"type\":\"hello\",\"edge\":\"pi\",\"epoch\":\"e\",\"first\":1}",
        "{\"type\":\"hello\",\"edge\":\"\",\"epoch\":\"e\",\"first\":1,\"version\":1}",
        "{\"type\":\"hello\",\"edge\":\"a.b\",\"epoch\":\"e\",\"first\":1,\"version\":1}",
        "{\"type\":\"hello\",\"edge\":\"a\\\"b\",\"epoch\":\"e\",\"first\":1,\"version\":1}",
        "{\"type\":\"hello\",\"edge\":\"pi\",\"epoch\":\"a/b\",\"first\":1,\"version\":1}",
        "{\"type\":\"hello\",\"edge\":7,\"epoch\":\"e\",\"first\":1,\"version\":1}",
        "{\"type\":\"hello\",\"edge\":\"pi\",\"epoch\":\"e\",\"first\":-1,\"version\":1}",
        "{\"type\":\"batch\",\"count\":0}",
        "{\"type\":\"batch\",\"first\":1}",
        "{\"type\":\"welcome\",\"next\":1,\"window\":8,\"maxRecords\":1000}",
        "{\"type\":\"reject\",\"reason\":\"x\"}"
      })
  @DisplayName("what is none of our messages is refused, in words")
  void malformed(String text) {
    assertThat(refusal(text)).isNotBlank().doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"window", "maxRecords", "maxBytes"})
  @DisplayName("a welcome is refused whose numbers do not fit")
  void welcomeOverflow(String key) {
    String welcome =
        "{\"type\":\"welcome\",\"next\":1,\"window\":8,\"maxRecords\":9,\"maxBytes\":1024}";
    String huge = welcome.replaceFirst("(\"" + key + "\":)\\d+", "$14294967296");
    assertThat(refusal(huge)).contains(key);
    assertThat(refusal(welcome.replaceFirst("(\"" + key + "\":)\\d+", "$10"))).contains(key);
  }

  @Test
  @DisplayName("a welcome is refused that would have the edge set all its records aside")
  void tinyMessages() throws WireException {
    String least = Wire.encode(new Welcome(1, 1, 1, 1_024));
    assertThat(Wire.decode(utf8(least))).isEqualTo(new Welcome(1, 1, 1, 1_024));
    assertThat(refusal(least.replace("1024", "1023"))).contains("maxBytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740992", "9223372036854775807"})
  @DisplayName("no number is taken that another could not be added to")
  void hugeNumbers(String number) {
    assertThat(refusal(Wire.encode(new Hello("pi", "e", 77)).replace("77", number)))
        .contains("first");
    assertThat(refusal(Wire.encode(new Ack(77)).replace("77", number))).contains("next");
  }

  @Test
  @DisplayName("a hello has its key in 32 hex digits, or none, and does not show it")
  void key() throws WireException {
    String key = "0123456789abcdef".repeat(2);
    Hello hello = new Hello("pi-attic", "3f9a1c2e", 1042, key);
    assertThat(Wire.encode(hello))
        .contains(",\"first\":1042,\"key\":\"" + key + "\",\"features\":[\"skip\"],\"version\":1}");
    assertThat(Wire.decode(utf8(Wire.encode(hello)))).isEqualTo(hello);
    assertThat(hello.toString()).doesNotContain(key);
    for (String bad : List.of("\"\"", "7", "\"" + key.toUpperCase(Locale.ROOT) + "\"", "[]")) {
      assertThat(refusal(Wire.encode(hello).replace('"' + key + '"', bad))).contains("key");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "null", "\"often\"", "1.5", "99999999999", "true"})
  @DisplayName("a welcome asks for no status unless it says how often")
  void noStatus(String ms) throws WireException {
    String welcome = Wire.encode(new Welcome(1, 8, 9, 1_024, 2_000)).replace("2000", ms);
    assertThat(Wire.decode(utf8(welcome))).isEqualTo(new Welcome(1, 8, 9, 1_024));
  }

  @Test
  @DisplayName("a first line is refused that is longer than any of ours")
  void longHeader() {
    assertThat(refusal("{\"type\":\"" + "x".repeat(5_000) + "\"}")).contains("longer than");
  }

  @Test
  @DisplayName("a reject with a long reason is still short enough to be read")
  void longReason() throws WireException {
    String text = Wire.encode(new Reject(5, "why ".repeat(1_000)));
    assertThat(Wire.decode(utf8(text))).isInstanceOf(Reject.class);
  }

  @Test
  @DisplayName("a name of 65 characters is refused, one of 64 is not")
  void longName() throws WireException {
    String name = "x".repeat(64);
    assertThat(Wire.decode(utf8(Wire.encode(new Hello(name, name, 1)))))
        .isEqualTo(new Hello(name, name, 1));
    assertThat(refusal(Wire.encode(new Hello(name + "x", "e", 1)))).contains("edge");
  }

  @Test
  @DisplayName("damaged messages are read or refused, and nothing else happens")
  void fuzz() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> all =
        Stream.concat(oneLine(), Stream.of(new BatchMessage(3, lines("{\"a\":1}", "{}"))))
            .map(Wire::encode)
            .toList();
    int read = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] text = utf8(all.get(random.nextInt(all.size())));
      for (int change = random.nextInt(3); change > 0; change--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      text = Arrays.copyOf(text, random.nextInt(4) > 0 ? text.length : random.nextInt(text.length));
      try {
        WireMessage message = Wire.decode(text);
        if (message instanceof BatchMessage batch) {
          assertThat(texts(batch.lines())).as("seed %d", seed).hasSize(batch.lines().count());
        }
        read++;
      } catch (WireException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + ": " + new String(text, StandardCharsets.ISO_8859_1), e);
      }
    }
    assertThat(read).isPositive();
  }

  private static String refusal(String text) {
    WireException refused =
        catchThrowableOfType(WireException.class, () -> Wire.decode(utf8(text)));
    assertThat(refused).as(text).isNotNull();
    return refused.getMessage();
  }
}
