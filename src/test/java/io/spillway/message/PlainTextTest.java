package io.spillway.message;

import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The text of a plain client")
class PlainTextTest {
  /** What a record gets that does not say when it was made: the time at which it came, here 5. */
  private static final String RECEIVED = ",\"_ts_src\":\"1970-01-01T00:00:00.005Z\"}";

  private final PlainText reader = new PlainText();

  @Test
  @DisplayName("that is an object is one line, as it came, and says when")
  void object() {
    assertThat(records("{ \"a\" : 1.0,\"b\":\"x\"}"))
        .containsExactly("{ \"a\" : 1.0,\"b\":\"x\"" + RECEIVED);
    assertThat(records("{ }")).containsExactly("{ \"_ts_src\":\"1970-01-01T00:00:00.005Z\"}");
  }

  @Test
  @DisplayName("says when it was made, if it knows")
  void ownTime() {
    String own = "{\"_ts_src\":\"2026-11-21T05:20:00.007Z\",\"a\":1}";

    assertThat(records(own)).containsExactly(own);
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"_id":"pi.e.111"}                      | {"_claimed_id":"pi.e.111"
          {"a":1,"_id":"pi.e.111"}                | {"a":1,"_claimed_id":"pi.e.111"
          { "_id" : 7 , "a":{"_id":2} }           | {"_claimed_id":7,"a":{"_id":2}
          {"\\u005fid":"pi.e.1","b":[]}           | {"_claimed_id":"pi.e.1","b":[]
          {"_id":"x.y.1","_id":"x.y.2"}           | {"_claimed_id":"x.y.1","_claimed_id":"x.y.2"
          {"_by":"settings","a":1}                | {"a":1
          {"a":1,"_by":"settings","_topic":"t"}   | {"a":1,"_topic":"t"
          """)
  @DisplayName(
      "cannot say what only edges and the server may: which record it is, and who wrote it")
  void onlyClaims(String sent, String stored) {
    assertThat(records(sent)).containsExactly(stored + RECEIVED);
    assertThat(records("[" + sent + "," + sent + "]"))
        .containsExactly(stored + RECEIVED, stored + RECEIVED);
  }

  @Test
  @DisplayName("that is a pretty-printed object is one line without the line breaks")
  void pretty() {
    assertThat(records("{\r\n  \"a\": 1,\r\n  \"b\": [\r\n    2\r\n  ]\r\n}\r\n"))
        .containsExactly("{\"a\": 1,\"b\": [2]" + RECEIVED);
  }

  @Test
  @DisplayName("that is an array is one line per element, wrapped where it is no object")
  void array() {
    assertThat(records("[{\"a\":1},\n 2,\"x\",[3]]"))
        .containsExactly(
            "{\"a\":1" + RECEIVED,
            "{\"value\":2" + RECEIVED,
            "{\"value\":\"x\"" + RECEIVED,
            "{\"value\":[3]" + RECEIVED);
    assertThat(records("[]")).isEmpty();
  }

  @Test
  @DisplayName("that is NDJSON is one line per line; blank ones are skipped")
  void ndjson() {
    assertThat(records("{\"a\":1}\n\n{\"b\":2}\r\n \n{\"c\":3}"))
        .containsExactly("{\"a\":1" + RECEIVED, "{\"b\":2" + RECEIVED, "{\"c\":3" + RECEIVED);
    assertThat(records("\n{\"a\":1}\n{\"b\":2}\n"))
        .containsExactly("{\"a\":1" + RECEIVED, "{\"b\":2" + RECEIVED);
  }

  @Test
  @DisplayName("may have a byte order mark in front of it, or of a line")
  void byteOrderMark() {
    assertThat(records("\ufeff{\"a\":1}")).containsExactly("{\"a\":1" + RECEIVED);
    assertThat(records("\ufeff[{\"a\":1},\n2]"))
        .containsExactly("{\"a\":1" + RECEIVED, "{\"value\":2" + RECEIVED);
    assertThat(records("\ufeff{\"a\":1}\n\ufeff{\"b\":2}"))
        .containsExactly("{\"a\":1" + RECEIVED, "{\"b\":2" + RECEIVED);
  }

  @Test
  @DisplayName("that is no JSON is rejected as a whole, with the bytes as they came")
  void rejected() {
    for (String text : List.of("hello", "", "  ", "{\"a\":", "42", "{\"a\":1} trailing\n")) {
      PlainText.Result result = reader.read(utf8(text), "peer", 5);
      assertThat(result.lines().count()).as(text).isZero();
      assertThat(result.rejected()).as(text).hasSize(1);
      Rejected one = result.rejected().get(0);
      assertThat(one.payload()).isEqualTo(utf8(text));
      assertThat(one.size()).isEqualTo(utf8(text).length);
      assertThat(one.topic()).isEqualTo("peer");
      assertThat(one.atMs()).isEqualTo(5);
      assertThat(one.reason()).isNotBlank();
    }
  }

  @Test
  @DisplayName("that is NDJSON with a bad line loses only that line")
  void badLine() {
    PlainText.Result result = reader.read(utf8("{\"a\":1}\noops\n{\"b\":2}\n{\"c\":\n"), "peer", 5);
    assertThat(texts(result.lines())).containsExactly("{\"a\":1" + RECEIVED, "{\"b\":2" + RECEIVED);
    assertThat(result.rejected())
        .extracting(one -> new String(one.payload(), java.nio.charset.StandardCharsets.UTF_8))
        .containsExactly("oops", "{\"c\":");
    assertThat(result.at()).containsExactly(2, 4);
  }

  @Test
  @DisplayName("is a document or else lines, and lines alone when that is known")
  void documentOrLines() {
    assertThat(reader.readDocument(utf8("{\"a\":1}\n{\"b\":2}"), "peer", 5)).isEmpty();
    assertThat(reader.readDocument(utf8("[\n1\n]"), "peer", 5)).isPresent();
    PlainText.Result lines = reader.readLines(utf8("\n[1\n]\n{}\n"), "peer", 5);
    assertThat(texts(lines.lines())).containsExactly("{\"_ts_src\":\"1970-01-01T00:00:00.005Z\"}");
    assertThat(lines.at()).containsExactly(2, 3);
  }

  @Test
  @DisplayName("that is not UTF-8 is rejected and not altered")
  void notUtf8() {
    byte[] text = utf8("{\"a\":\"x\"}");
    text[6] = (byte) 0xff;
    PlainText.Result result = reader.read(text, "peer", 5);
    assertThat(result.lines().count()).isZero();
    assertThat(result.rejected().get(0).payload()).isEqualTo(text);
  }

  @Test
  @DisplayName("of any kind of damage gives whole lines and rejections, and nothing else")
  void fuzz() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder(new RandomJson(random).payload());
      for (int more = random.nextInt(3); more > 0; more--) {
        text.append('\n').append(new RandomJson(random).payload());
      }
      byte[] bytes = utf8(text.toString());
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Lines lines = reader.read(bytes, "peer", 5).lines();
      List<String> records = texts(lines);
      assertThat(records).as("seed %d", seed).hasSize(lines.count());
      for (String record : records) {
        assertThat(record).as("seed %d", seed).startsWith("{").endsWith("}");
        assertThat(new io.vertx.core.json.JsonObject(record)).as("seed %d", seed).isNotNull();
      }
    }
  }

  private List<String> records(String text) {
    PlainText.Result result = reader.read(utf8(text), "peer", 5);
    assertThat(result.rejected()).isEmpty();
    return texts(result.lines());
  }
}
