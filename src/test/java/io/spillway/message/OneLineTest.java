package io.spillway.message;

import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A stored line")
class OneLineTest {
  private static final String MARK = "\ufeff";
  private static final long AT_MS = 1_700_000_000_007L;

  /** What payloads are put together from. */
  private static final List<byte[]> PARTS = new ArrayList<>();

  static {
    for (String text :
        List.of(
            MARK,
            MARK + MARK,
            "\n",
            "\r\n",
            "\r",
            " ",
            "\t",
            "22.5",
            "-",
            "1e999999999",
            "1".repeat(1_001),
            "null",
            "x",
            "\"",
            "\"a\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\u2028\u2029\u0085\u00a0\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "{}",
            "[]",
            "{\"a\":1}",
            "{\"a\":1,\"a\":2}",
            "{\"_id\":1,\"_by\":2,\"_by\":3}",
            "{\"a\":\n1}",
            "{\"" + MARK + "\":\"" + MARK + "\"}",
            "[1,{\"b\":2},\"c\"]",
            "[".repeat(999) + "]".repeat(999),
            "[".repeat(1_001),
            "{\"a\":".repeat(999) + "1" + "}".repeat(999),
            "\u2028",
            "//",
            "NaN")) {
      PARTS.add(utf8(text));
    }
    for (String hex :
        List.of("00", "0b", "7f", "eda080", "c080", "ff", "feff", "fffe", "efbb", "f4908080")) {
      PARTS.add(HexFormat.of().parseHex(hex));
    }
  }

  private final Enricher rejecting = new Enricher(false);
  private final Enricher wrapping = new Enricher(true);
  private final PlainText plain = new PlainText();
  private final EventWriter events = new EventWriter();
  private final Payload payload = new Payload();

  @Test
  @DisplayName("is one JSON object, and one line, whatever comes, from wherever")
  void anything() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = random(random);
      Lines.Builder out = new Lines.Builder(16);
      enrich(rejecting, bytes, out);
      enrich(wrapping, bytes, out);
      out.add(plain.read(bytes, "peer", AT_MS).lines());
      out.add(plain.readLines(bytes, "peer", AT_MS).lines());
      write(bytes, out);
      Lines lines = out.build();
      String what = "seed " + seed + ": " + HexFormat.of().formatHex(bytes);
      assertThat(new String(lines.array(), 0, lines.length(), UTF_8).chars().filter(c -> c == '\n'))
          .as(what)
          .hasSize(lines.count());
      for (String line : texts(lines)) {
        isObject(line, what);
      }
    }
  }

  private static byte[] random(Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int part = random.nextInt(7); part >= 0; part--) {
      bytes.writeBytes(PARTS.get(random.nextInt(PARTS.size())));
    }
    return bytes.toByteArray();
  }

  private static void enrich(Enricher enricher, byte[] bytes, Lines.Builder out) {
    int before = out.count();
    try {
      int added = enricher.enrich(new Reading("t", bytes, AT_MS, false), out);
      assertThat(out.count() - before).isEqualTo(added);
    } catch (RejectedPayload e) {
      assertThat(out.count()).isEqualTo(before);
    }
  }

  private void write(byte[] bytes, Lines.Builder out) {
    try {
      events.write(
          new Event(bytes, "key", "id", AT_MS, AT_MS), id -> false, out, new ArrayList<>());
    } catch (RejectedPayload e) {
      assertThat(e).isNotNull();
    }
  }

  /** As a text, so that nobody passes over a byte order mark, and as the server looks at it. */
  private void isObject(String line, String what) {
    assertThat(line).as(what).startsWith("{").endsWith("}").doesNotContain("\n", "\r");
    byte[] bytes = utf8(line);
    try {
      payload.requireObject(bytes, 0, bytes.length);
      assertThat(new JsonObject(line)).as(what).isNotNull();
    } catch (RejectedPayload | DecodeException e) {
      throw new AssertionError(what + " became " + line, e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MARK, MARK + MARK, MARK + " \n" + MARK, "\n" + MARK})
  @DisplayName("does not come of a payload of nothing but byte order marks, which is empty")
  void nothing(String text) {
    for (Enricher enricher : List.of(rejecting, wrapping)) {
      assertThatThrownBy(
              () ->
                  enricher.enrich(
                      new Reading("t", utf8(text), AT_MS, false), new Lines.Builder(16)))
          .isInstanceOf(RejectedPayload.class)
          .hasMessage("empty");
    }
  }

  @Test
  @DisplayName("does not come of a line of nothing but a byte order mark, which is blank")
  void blank() throws RejectedPayload {
    for (String text :
        List.of("{\"a\":1}\n" + MARK, MARK + "\n" + MARK + "{\"a\":1}\n" + MARK + MARK + "\n")) {
      Lines.Builder out = new Lines.Builder(16);
      assertThat(rejecting.enrich(new Reading("t", utf8(text), AT_MS, false), out)).isEqualTo(1);
      PlainText.Result read = plain.read(utf8(text), "peer", AT_MS);
      assertThat(read.lines().count()).isEqualTo(1);
      assertThat(read.rejected()).isEmpty();
    }
  }

  @Test
  @DisplayName("has a bare value without the byte order marks in front of it")
  void value() throws RejectedPayload {
    for (String text : List.of(MARK + "22.5", MARK + MARK + "22.5", MARK + " " + MARK + "22.5")) {
      Lines.Builder out = new Lines.Builder(16);
      wrapping.enrich(new Reading("t", utf8(text), AT_MS, false), out);
      assertThat(texts(out.build()).get(0)).startsWith("{\"value\":22.5,");
    }
  }
}
