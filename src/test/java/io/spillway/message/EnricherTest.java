package io.spillway.message;

import static io.spillway.message.Texts.texts;
import static io.spillway.message.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The enricher")
class EnricherTest {
  private static final String TOPIC = "pws-packet/a/temp";
  private static final long AT_MS = 1_700_000_000_007L;
  private static final String OURS =
      "\"_topic\":\"pws-packet/a/temp\",\"_ts_src\":\"2023-11-14T22:13:20.007Z\",\"_retained\":false}";
  private static final Set<String> RESERVED = Set.of("_topic", "_ts_src", "_retained", "_id");

  private final Enricher enricher = new Enricher(false);

  @Test
  @DisplayName("adds topic, time and the retained flag at the end of an object")
  void object() throws Exception {
    assertThat(enrich("{\"t\":21.5}")).containsExactly("{\"t\":21.5," + OURS);
  }

  @Test
  @DisplayName("adds them alone to an empty object, whatever blanks it has inside")
  void emptyObject() throws Exception {
    assertThat(enrich("{}")).containsExactly("{" + OURS);
    assertThat(enrich("{ \t}")).containsExactly("{ \t" + OURS);
    assertThat(enrich(" {\r\n \n} ")).containsExactly("{" + OURS);
  }

  @Test
  @DisplayName("says of a retained message that it is one")
  void retained() throws Exception {
    Lines.Builder out = new Lines.Builder(0);
    enricher.enrich(new Reading(TOPIC, utf8("{}"), AT_MS, true), out);
    assertThat(texts(out.build()).get(0)).endsWith(",\"_retained\":true}");
  }

  @Test
  @DisplayName("rejects an array whose records would fill the memory, and keeps nothing of it")
  void expansion() {
    byte[] ones = utf8("[1" + ",1".repeat(130_000) + "]");
    Lines.Builder out = new Lines.Builder(0);
    assertThatThrownBy(() -> enricher.enrich(new Reading(TOPIC, ones, AT_MS, false), out))
        .isInstanceOf(RejectedPayload.class)
        .hasMessageContaining("its records have more than");
    assertThat(out.length()).isZero();
  }

  @Test
  @DisplayName("says where an object breaks off in words for a person")
  void breaksOff() {
    Lines.Builder out = new Lines.Builder(0);
    assertThatThrownBy(
            () -> enricher.enrich(new Reading(TOPIC, utf8("{\"a\":"), AT_MS, false), out))
        .hasMessageStartingWith("not valid JSON: it ends too early")
        .hasMessageNotContaining("Source");
  }

  @Test
  @DisplayName("keeps numbers, escapes and blanks as they came")
  void bytesAsTheyCame() throws Exception {
    String odd = "{ \"n\" : 1.50E+2, \"s\":\"\\u00e9\\/ é\", \"big\":12345678901234567890123 ";
    assertThat(enrich(odd + "}")).containsExactly(odd + "," + OURS);
  }

  @Test
  @DisplayName("makes one line per element of an array")
  void array() throws Exception {
    assertThat(enrich("[{\"a\":1}, {} ,{\"a\":[3,{\"b\":4}]}]"))
        .containsExactly("{\"a\":1," + OURS, "{" + OURS, "{\"a\":[3,{\"b\":4}]," + OURS);
  }

  @Test
  @DisplayName("wraps elements that are no objects as value")
  void elements() throws Exception {
    assertThat(enrich("[1, -2.50,\"x\\n,]\" ,true,null,[1, [2]],\"\"]"))
        .containsExactly(
            "{\"value\":1," + OURS,
            "{\"value\":-2.50," + OURS,
            "{\"value\":\"x\\n,]\"," + OURS,
            "{\"value\":true," + OURS,
            "{\"value\":null," + OURS,
            "{\"value\":[1, [2]]," + OURS,
            "{\"value\":\"\"," + OURS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  @DisplayName("takes line breaks and the indent behind them out of pretty-printed JSON")
  void prettyPrinted(String lineBreak) throws Exception {
    String pretty =
        "~{~  \"a\": 1,~  \"b\": {~\t\t\"c\": [~      1,~      2~    ]~  }~}~"
            .replace("~", lineBreak);
    assertThat(enrich(pretty)).containsExactly("{\"a\": 1,\"b\": {\"c\": [1,2]}," + OURS);
    assertThat(enrich("[" + pretty + "," + lineBreak + " 7" + lineBreak + "]"))
        .containsExactly("{\"a\": 1,\"b\": {\"c\": [1,2]}," + OURS, "{\"value\":7," + OURS);
  }

  @Test
  @DisplayName("replaces a member with one of our names, wherever it stands")
  void colliding() throws Exception {
    for (String name : List.of("_topic", "_id", "_ts_src", "_retained", "\\u005fid", "_\\u0069d")) {
      String theirs = "\"" + name + "\" : {\"_id\":[1,\"}\"]}";
      assertThat(enrich("{" + theirs + "}")).as(name).containsExactly("{" + OURS);
      assertThat(enrich("{" + theirs + ", \"a\":1}")).as(name).containsExactly("{\"a\":1," + OURS);
      assertThat(enrich("{\"a\":1 , " + theirs + " ,\"b\":\"_id\"}"))
          .as(name)
          .containsExactly("{\"a\":1,\"b\":\"_id\"," + OURS);
      assertThat(enrich("{\"a\":1," + theirs + "}")).as(name).containsExactly("{\"a\":1," + OURS);
    }
  }

  @Test
  @DisplayName("replaces every colliding member of several, also across line breaks")
  void severalColliding() throws Exception {
    assertThat(
            enrich("[{\n \"_id\": 1,\n \"_topic\": \"x\",\n \"a\": [\n1\n],\n \"_id\": null\n}]"))
        .containsExactly("{\"a\": [1]," + OURS);
  }

  @Test
  @DisplayName("leaves our names alone where they are nested or only similar")
  void notColliding() throws Exception {
    String nested = "{\"a\":{\"_id\":1},\"_ID\":2,\"_topics\":[{\"_topic\":3}],\"\":4,\"_\":5";
    assertThat(enrich(nested + "}")).containsExactly(nested + "," + OURS);
  }

  @Test
  @DisplayName("escapes a topic that has quotes, backslashes or control characters")
  void topicEscaped() throws Exception {
    String topic = "a/\"b\"\\c\u0001\u007f/ü\ud83d\ude00";
    Lines.Builder out = new Lines.Builder(0);
    enricher.enrich(new Reading(topic, utf8("{}"), AT_MS, false), out);
    assertThat(new JsonObject(texts(out.build()).get(0)).getString("_topic")).isEqualTo(topic);
  }

  @Test
  @DisplayName("writes the time of each message, also when it goes back")
  void times() throws Exception {
    for (long at : new long[] {AT_MS, AT_MS + 1, AT_MS - 5_000, 0}) {
      Lines.Builder out = new Lines.Builder(0);
      enricher.enrich(new Reading(TOPIC, utf8("{}"), at, false), out);
      assertThat(new JsonObject(texts(out.build()).get(0)).getString("_ts_src"))
          .isEqualTo(Timestamps.format(at));
    }
  }

  @Test
  @DisplayName("remembers no more than its limit of topics, and still names each right")
  void manyTopics() throws Exception {
    for (int i = 0; i < 3_000; i++) {
      String topic = "t/" + i % 1_500;
      Lines.Builder out = new Lines.Builder(0);
      enricher.enrich(new Reading(topic, utf8("{}"), AT_MS, false), out);
      assertThat(texts(out.build()).get(0)).contains("\"" + topic + "\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\r\n\t ",
        "hello",
        "21.5",
        "\"text\"",
        "true",
        "null",
        "{",
        "}",
        "[",
        "]",
        "[]",
        "[ ]",
        "{\"a\":1}x",
        "{\"a\":1} {\"b\":2}",
        "{\"a\":1},",
        "[1]]",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{\"a\":-}",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "{\"a\":tru}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"x}",
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"line\nbreak\"}",
        "{\"a\":\"line\rbreak\"}",
        "{\"na\nme\":1}",
        "{\"a\":1\u0000}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":\"\u001f\"}",
        "\u0000{}",
        "{\"a\":1}\u0000",
        "{\"a\":1}\n\u000b",
        "/* c */{}",
        "{}//c",
        "\ufeff",
        "{\"a\":1}\ufeff",
        "{\ufeff\"a\":1}",
        "{\"a\":1}\n{\"b\":",
        "{\"a\":1}\noops",
        "{\"a\":1}\n2",
        "{\"a\":1}\r{\"b\":2}",
        "[]\n[]",
        "[1 2]",
        "{\"a\":1 \"b\":2}",
        "[{\"a\":1},{\"b\":2}",
        "[{\"a\":1},{\"b\":]"
      })
  @DisplayName("rejects what is not one JSON object or array, and adds nothing")
  void rejects(String payload) {
    rejects(utf8(payload));
  }

  @Test
  @DisplayName("rejects UTF-16 and UTF-32, with and without a byte order mark")
  void otherEncodings() {
    for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
      rejects("{\"a\":1}".getBytes(java.nio.charset.Charset.forName(charset)));
      rejects("[{},{}]".getBytes(java.nio.charset.Charset.forName(charset)));
    }
  }

  @Test
  @DisplayName("rejects bytes that are not UTF-8: overlong, surrogates, cut off, beyond Unicode")
  void notUtf8() {
    int[][] wrong = {
      {0xc0, 0xaf},
      {0xc1, 0x81},
      {0xe0, 0x80, 0xaf},
      {0xf0, 0x80, 0x80, 0xaf}, // overlong
      {0xed, 0xa0, 0x80},
      {0xed, 0xbf, 0xbf},
      {0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80}, // surrogates
      {0xf4, 0x90, 0x80, 0x80},
      {0xf8, 0x88, 0x80, 0x80, 0x80},
      {0xff},
      {0xfe},
      {0x80}, // none
      {0xe2, 0x82},
      {0xf0, 0x9f, 0x98},
      {0xc3} // cut off
    };
    for (int[] bytes : wrong) {
      byte[] inside = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        inside[i] = (byte) bytes[i];
      }
      assertThat(rejects(join(utf8("{\"a\":\""), inside, utf8("\"}")))).contains("UTF-8");
      rejects(join(utf8("{\""), inside, utf8("\":1}")));
      rejects(join(utf8("{}"), inside));
    }
  }

  @Test
  @DisplayName("finds wrong UTF-8 also far behind the beginning, at every place near a block's end")
  void notUtf8FarBehind() {
    for (int at = 4_080; at < 4_110; at++) {
      byte[] bytes = new byte[8_300];
      Arrays.fill(bytes, (byte) 'x');
      bytes[0] = '{';
      bytes[1] = '"';
      byte[] end = utf8("\":1}");
      System.arraycopy(end, 0, bytes, bytes.length - end.length, end.length);
      bytes[at] = (byte) 0xc3;
      bytes[at + 1] = (byte) 0xa9;
      Lines.Builder out = new Lines.Builder(0);
      try {
        enricher.enrich(new Reading(TOPIC, bytes, AT_MS, false), out);
      } catch (RejectedPayload e) {
        throw new AssertionError("é at " + at, e);
      }
      bytes[at + 1] = 'y';
      rejects(bytes);
    }
  }

  @Test
  @DisplayName("rejects nesting that is too deep, in words")
  void tooDeep() throws Exception {
    int deep = 100_000;
    assertThat(rejects(utf8("{\"a\":" + "[".repeat(deep) + "]".repeat(deep) + "}")))
        .contains("limit");
    assertThat(rejects(utf8("[".repeat(deep) + "]".repeat(deep)))).contains("limit");
    assertThat(enrich("{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}")).hasSize(1);
  }

  @Test
  @DisplayName("rejects an array whose records would be beyond all measure, and adds nothing")
  void amplified() {
    byte[] ones = utf8("[1" + ",1".repeat(1_000) + "]");
    Lines.Builder out = new Lines.Builder(0);
    String topic = "t".repeat(60_000);
    assertThatThrownBy(() -> enricher.enrich(new Reading(topic, ones, AT_MS, false), out))
        .isInstanceOf(RejectedPayload.class)
        .hasMessageContaining("bytes");
    assertThat(out.length()).isZero();
  }

  @Test
  @DisplayName("rejects a small array that would grow beyond measure, with the figures")
  void grown() {
    byte[] ones = utf8("[1" + ",1".repeat(999) + "]");
    Lines.Builder out = new Lines.Builder(0);
    Reading reading = new Reading("t".repeat(700), ones, AT_MS, false);
    assertThatThrownBy(() -> enricher.enrich(reading, out))
        .isInstanceOf(RejectedPayload.class)
        .hasMessage("its records have more than 392,209 bytes, to which 2,001 bytes may grow");
    assertThat(out.length()).isZero();
  }

  @Test
  @DisplayName("takes an array of 40,000 numbers")
  void numbers() throws Exception {
    byte[] numbers = utf8("[100" + ",100".repeat(39_999) + "]");
    Lines.Builder out = new Lines.Builder(0);
    assertThat(enricher.enrich(new Reading(TOPIC, numbers, AT_MS, false), out)).isEqualTo(40_000);
  }

  @Test
  @DisplayName("adds nothing when something goes wrong that is no rejection")
  void allOrNothing() throws Exception {
    Lines.Builder out = new Lines.Builder(0);
    enricher.enrich(new Reading(TOPIC, utf8("{\"a\":1}"), AT_MS, false), out);
    Reading wrong = new Reading(null, utf8("{\"b\":1}"), AT_MS, false);
    assertThatThrownBy(() -> enricher.enrich(wrong, out)).isInstanceOf(NullPointerException.class);
    assertThat(texts(out.build())).containsExactly("{\"a\":1," + OURS);
  }

  @Test
  @DisplayName("keeps the lines of earlier payloads when a later one is rejected half-way")
  void cutsBack() throws Exception {
    Lines.Builder out = new Lines.Builder(0);
    enricher.enrich(new Reading(TOPIC, utf8("{\"a\":1}"), AT_MS, false), out);
    byte[] broken = utf8("[{\"b\":1},{\"c\":2},{\"d\"]");
    assertThatThrownBy(() -> enricher.enrich(new Reading(TOPIC, broken, AT_MS, false), out))
        .isInstanceOf(RejectedPayload.class);
    enricher.enrich(new Reading(TOPIC, utf8("{\"e\":1}"), AT_MS, false), out);
    assertThat(texts(out.build())).containsExactly("{\"a\":1," + OURS, "{\"e\":1," + OURS);
  }

  @Test
  @DisplayName("carries random JSON through: lines parse, end with our members, and equal it else")
  void fuzz() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      RandomJson json = new RandomJson(random);
      String payload = json.payload();
      List<String> lines;
      try {
        lines = enrich(payload);
      } catch (RejectedPayload e) {
        assertThat(payload.replaceAll("\\s", ""))
            .as("seed %d: %s", seed, e.getMessage())
            .isEqualTo("[]");
        continue;
      }
      List<JsonObject> expected = expected(payload);
      assertThat(lines).as("seed %d: %s", seed, payload).hasSameSizeAs(expected);
      for (int i = 0; i < lines.size(); i++) {
        assertThat(lines.get(i)).as("seed %d", seed).endsWith(OURS).doesNotContain("\n", "\r");
        JsonObject line = new JsonObject(lines.get(i));
        assertThat(new ArrayList<>(line.fieldNames()).subList(line.size() - 3, line.size()))
            .as("seed %d: %s", seed, payload)
            .containsExactly("_topic", "_ts_src", "_retained");
        RESERVED.forEach(line::remove);
        assertThat(line).as("seed %d: %s", seed, payload).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  @DisplayName("throws nothing but its rejection at damaged payloads, and leaves no part of a line")
  void mutations() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Lines.Builder out = new Lines.Builder(16);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = utf8(new RandomJson(random).payload());
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes = mutated(bytes, random);
      }
      int length = out.length();
      int count = out.count();
      try {
        int added = enricher.enrich(new Reading(TOPIC, bytes, AT_MS, false), out);
        assertThat(out.count() - count).as("seed %d", seed).isEqualTo(added).isPositive();
      } catch (RejectedPayload e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank().doesNotContain("\n");
        assertThat(out.length()).as("seed %d: %s", seed, e.getMessage()).isEqualTo(length);
        assertThat(out.count()).as("seed %d", seed).isEqualTo(count);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + Arrays.toString(bytes), e);
      }
    }
    Lines all = out.build();
    assertThat(all.count()).isPositive();
    for (String line : texts(all)) {
      assertThat(new JsonObject(line).getString("_topic")).as("seed %d", seed).isEqualTo(TOPIC);
    }
  }

  @Test
  @DisplayName("makes as many lines of NDJSON as it has, and skips blank ones")
  void ndjson() throws Exception {
    assertThat(enrich("{\"a\":1}\n\r\n[{\"b\":2},3]\r\n{}"))
        .containsExactly(
            "{\"a\":1," + OURS, "{\"b\":2," + OURS, "{\"value\":3," + OURS, "{" + OURS);
    assertThat(enrich("\n{\"a\":1}\n")).containsExactly("{\"a\":1," + OURS);
    assertThat(enrich("{\"_id\":1}\n{\"_topic\":2}")).containsExactly("{" + OURS, "{" + OURS);
    assertThat(enrich("{\"a\":\n1}")).containsExactly("{\"a\":1," + OURS);
  }

  @Test
  @DisplayName("rejects NDJSON as a whole for one line that is none, and says which")
  void ndjsonAsAWhole() {
    assertThat(rejects(utf8("{\"a\":1}\n\n{\"b\":2}\noops\n{\"c\":3}")))
        .startsWith("line 4: not a JSON");
  }

  @Test
  @DisplayName("skips a byte order mark in front of a payload, or of a line")
  void byteOrderMark() throws Exception {
    assertThat(enrich("\ufeff{\"a\":1}")).containsExactly("{\"a\":1," + OURS);
    assertThat(enrich("\ufeff [1]")).containsExactly("{\"value\":1," + OURS);
    assertThat(enrich("\ufeff{\"a\":1}\n\ufeff{\"b\":2}"))
        .containsExactly("{\"a\":1," + OURS, "{\"b\":2," + OURS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.38", "\"71.2\"", "true", "Online", "nan", "\ufeff22.38", " 7\n"})
  @DisplayName("names the key that takes a bare value, where it rejects one")
  void bareValueRejected(String payload) {
    assertThat(rejects(utf8(payload))).contains("bare value", "\"edge.mqtt.scalars\": \"wrap\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "22.38 ~ 22.38",
        "-1E+5 ~ -1E+5",
        "\"71.2\" ~ \"71.2\"",
        "true ~ true",
        "null ~ null",
        "` \t7\r\n` ~ 7",
        "Online ~ \"Online\"",
        "`on\n` ~ \"on\\n\"",
        "nan ~ \"nan\"",
        "007 ~ \"007\"",
        "22,38 ~ \"22,38\"",
        "21 °C ~ \"21 °C\"",
        "\"open ~ \"\\\"open\"",
        "C:\\x ~ \"C:\\\\x\"",
        "1 {} ~ \"1 {}\""
      })
  @DisplayName(
      "makes a value of a bare value where that is wanted, and a JSON string of other text")
  void wrapped(String payload, String value) throws Exception {
    Lines.Builder out = new Lines.Builder(0);
    new Enricher(true).enrich(new Reading(TOPIC, utf8(payload), AT_MS, false), out);
    assertThat(texts(out.build())).containsExactly("{\"value\":" + value + "," + OURS);
    assertThat(new JsonObject("{\"value\":" + value + "}")).isNotNull();
  }

  @Test
  @DisplayName("rejects also then what is empty, binary, not UTF-8, or a damaged object or array")
  void notWrapped() {
    for (String payload : List.of("", "  ", "\u0001", "{\"a\":", "[1,", "{\"a\":1}x")) {
      assertThatThrownBy(
              () ->
                  new Enricher(true)
                      .enrich(
                          new Reading(TOPIC, utf8(payload), AT_MS, false), new Lines.Builder(0)))
          .as(payload)
          .isInstanceOf(RejectedPayload.class);
    }
    assertThatThrownBy(
            () ->
                new Enricher(true)
                    .enrich(
                        new Reading(TOPIC, new byte[] {'x', (byte) 0xff}, AT_MS, false),
                        new Lines.Builder(0)))
        .hasMessageContaining("UTF-8");
  }

  private List<String> enrich(String payload) throws RejectedPayload {
    Lines.Builder out = new Lines.Builder(0);
    int count = enricher.enrich(new Reading(TOPIC, utf8(payload), AT_MS, false), out);
    Lines lines = out.build();
    assertThat(lines.count()).isEqualTo(count);
    List<String> texts = texts(lines);
    assertThat(texts).hasSize(count);
    return texts;
  }

  private String rejects(byte[] payload) {
    Lines.Builder out = new Lines.Builder(0);
    RejectedPayload rejected =
        catchThrowableOfType(
            RejectedPayload.class,
            () -> enricher.enrich(new Reading(TOPIC, payload, AT_MS, false), out));
    assertThat(rejected).as(new String(payload, StandardCharsets.ISO_8859_1)).isNotNull();
    assertThat(rejected.getMessage()).isNotBlank().doesNotContain("\n");
    assertThat(out.length()).isZero();
    assertThat(out.count()).isZero();
    return rejected.getMessage();
  }

  private static List<JsonObject> expected(String payload) {
    List<JsonObject> records = new ArrayList<>();
    if (payload.strip().startsWith("{")) {
      records.add(new JsonObject(payload));
    } else {
      for (Object element : new JsonArray(payload)) {
        records.add(
            element instanceof JsonObject object ? object : new JsonObject().put("value", element));
      }
    }
    records.forEach(record -> RESERVED.forEach(record::remove));
    return records;
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + random.nextInt(4));
    byte[] fresh = new byte[random.nextInt(3)];
    random.nextBytes(fresh);
    if (random.nextBoolean() && fresh.length > 0) {
      fresh[0] = (byte) "{}[]\",:\\ \n_0".charAt(random.nextInt(12));
    }
    return join(Arrays.copyOf(bytes, at), fresh, Arrays.copyOfRange(bytes, end, bytes.length));
  }

  private static byte[] join(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
