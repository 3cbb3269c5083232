package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InfluxConfig;
import io.spillway.config.SinkConfig;
import io.spillway.message.Texts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The writer of points")
class PointWriterTest {
  private static final long NOW_MS = 1_772_600_000_000L;

  @Test
  @DisplayName("takes every number as a float, inner ones with dots, and not the time")
  void allNumbers() throws Exception {
    assertThat(
            points(
                List.of(),
                false,
                "{\"a\":1,\"b\":{\"c\":-2.5},\"t\":1772600767089,\"x\":\"1\",\"y\":true,\"z\":[1]}"))
        .containsExactly("m a=1.0,b.c=-2.5 1772600767089");
  }

  @Test
  @DisplayName("escapes what the line protocol would take for its own, in tags and fields")
  void escapes() throws Exception {
    assertThat(
            points(
                List.of(List.of("s p,a=c")),
                false,
                "{\"s p,a=c\":\"q\\\"\\\\\",\"tag\":\"a b,c=d\"}"))
        .containsExactly("m,tag=a\\ b\\,c\\=d s\\ p\\,a\\=c=\"q\\\"\\\\\" " + NOW_MS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a\\u0000\\\\ | a␀＼
          a\\u0001\\\\ | a␁＼
          \\u001f\\u007f | ␟␡
          a\\nb       | a␊b
          a\\\\        | a＼
          a\\\\\\\\      | a\\＼
          a\\\\b       | a\\b
          """)
  @DisplayName("shows controls, and a backslash at the end, which it cannot say, by other signs")
  void unspeakable(String text, String written) throws Exception {
    String end = " " + NOW_MS;
    assertThat(points(List.of(), false, "{\"" + text + "\":1}"))
        .containsExactly("m " + written + "=1.0" + end);
    assertThat(points(List.of(), false, "{\"a\":1,\"tag\":\"" + text + "\"}"))
        .containsExactly("m,tag=" + written + " a=1.0" + end);
  }

  @Test
  @DisplayName("lets no backslash in the name of a field escape what escapes what is behind it")
  void escaping() throws Exception {
    assertThat(points(List.of(), false, "{\"a\\\\=b\\\\,c\\\\ d\":1,\"tag\":\"a\\\\=b\"}"))
        .containsExactly("m,tag=a\\\\=b a＼\\=b＼\\,c＼\\ d=1.0 " + NOW_MS);
  }

  @Test
  @DisplayName("keeps records of one millisecond apart by their offsets, if asked to")
  void apart() throws Exception {
    assertThat(
            points(
                List.of(), true, "{\"a\":1,\"t\":1772600767089}", "{\"a\":2,\"t\":1772600767089}"))
        .containsExactly("m a=1.0 1772600767089000007", "m a=2.0 1772600767089000008");
  }

  @Test
  @DisplayName("makes no point of a record without a field")
  void none() throws Exception {
    assertThat(points(List.of(), false, "{\"x\":\"text\"}", "{\"a\":1}", "{}")).hasSize(1);
    assertThat(points(List.of(), false, "{}")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("refuses a time that InfluxDB cannot hold, and makes none of it that is another")
  void outOfRange(boolean keepApart) throws Exception {
    for (String year : new String[] {"1700", "1969", "2261"}) {
      String line = "{\"a\":1,\"t\":\"%s-12-31T00:00:00Z\"}".formatted(year);
      String time = points(List.of(), keepApart, line).get(0).replaceFirst(".* ", "");
      long ms = Long.parseLong(time) / (keepApart ? 1_000_000 : 1);
      assertThat(Instant.ofEpochMilli(ms).toString()).startsWith(year + "-12-31");
    }
    String late = "{\"a\":1,\"t\":\"9999-12-31T00:00:00Z\"}";
    assertThatThrownBy(() -> points(List.of(), keepApart, late))
        .isInstanceOf(Destination.Refused.class)
        .hasMessageContaining("9999-12-31");
  }

  private static List<String> points(List<List<String>> fields, boolean keepApart, String... lines)
      throws Exception {
    PointWriter writer = new PointWriter(config(fields, keepApart));
    byte[] body = writer.write(new SinkBatch(7, 7, Texts.lines(lines)), NOW_MS).getBytes();
    return body.length == 0 ? List.of() : unzipped(body).lines().toList();
  }

  private static String unzipped(byte[] body) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InfluxConfig config(List<List<String>> fields, boolean keepApart) {
    return new InfluxConfig(
        URI.create("http://h"),
        "d",
        null,
        null,
        null,
        null,
        null,
        null,
        "m",
        List.of(List.of("_tag"), List.of("tag")),
        fields,
        List.of("t"),
        keepApart,
        new SinkConfig(1, 1_024, Duration.ZERO, 50, Duration.ofSeconds(1)));
  }
}
