package io.spillway.iaq;

import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.IaqConfig;
import io.spillway.message.Lines;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The completion of measurements")
class CompletionTest {
  private final Completion completion =
      new Completion(IaqConfig.DEFAULTS, () -> 1_763_546_700_000L);

  @Test
  @DisplayName("makes any shape the documented message, in front of what came, which stays")
  void completes() {
    String sensor =
        "{\"co2\":645, \"PM2.5\":12,\"tvoc\":0.2,\"temp\":22.3,\"rh\":45,\"enseigne\":\"Maison\","
            + "\"_topic\":\"maison/bureau1\",\"_ts_src\":\"2025-11-19T10:05:00.000Z\","
            + "\"_id\":\"pi.3f9a1c2e.7\"}";

    String line = only(completion.apply(lines(sensor)));

    assertThat(line).endsWith(sensor.substring(1));
    JsonObject expected =
        new JsonObject(MeasurementReaderTest.DOCUMENTED).put("sensor_id", "maison/bureau1");
    JsonObject found = new JsonObject(line);
    for (String member : List.of("values", "co2", "pm25", "tvoc", "temperature", "humidity")) {
      assertThat(found.getValue(member)).as(member).isEqualTo(expected.getValue(member));
    }
    assertThat(found.getInteger("global_score")).isEqualTo(85);
    assertThat(found.getString("sensor_id")).isEqualTo("maison/bureau1");
    assertThat(found.getString("timestamp")).isEqualTo("2025-11-19T10:05:00.000Z");
  }

  @Test
  @DisplayName("leaves the lines alone, the very same, when nothing is missing")
  void nothingMissing() {
    Lines whole = lines(MeasurementReaderTest.DOCUMENTED, "{\"wind\":3}", "{}", "{\"type\":\"x\"}");

    assertThat(completion.apply(whole)).isSameAs(whole);
  }

  @Test
  @DisplayName("leaves a second time nothing to do")
  void idempotent() {
    Lines once = completion.apply(lines("{\"co2\":900,\"sensor_id\":\"a\"}"));

    assertThat(completion.apply(once)).isSameAs(once);
  }

  @Test
  @DisplayName("keeps order and number of lines among others")
  void among() {
    Lines done =
        completion.apply(lines("{\"a\":1}", "{\"co2\":400}", "{\"b\":2}", " {\"rh\":45 }"));

    assertThat(done.count()).isEqualTo(4);
    List<String> texts = texts(done);
    assertThat(texts.get(0)).isEqualTo("{\"a\":1}");
    assertThat(texts.get(1)).contains("\"global_score\":100,").endsWith(",\"co2\":400}");
    assertThat(texts.get(2)).isEqualTo("{\"b\":2}");
    assertThat(new JsonObject(texts.get(3)).getDouble("humidity")).isEqualTo(45);
    assertThat(completion.apply(done.skip(2).limit(1)).count()).isEqualTo(1);
  }

  @Test
  @DisplayName("never changes a member that is there, be it wrong")
  void keepsOwn() {
    String line = only(completion.apply(lines("{\"values\":{},\"co2\":\"?\",\"rh\":45}")));

    JsonObject found = new JsonObject(line);
    assertThat(found.getValue("co2")).isEqualTo("?");
    assertThat(found.getJsonObject("values")).isEmpty();
    assertThat(found.getInteger("global_score")).isEqualTo(100);
  }

  @Test
  @DisplayName("writes ASCII for half a surrogate pair in a topic, as it came")
  void halfAPair() {
    String line = only(completion.apply(lines("{\"co2\":500,\"_topic\":\"\\ud800/co2\"}")));

    assertThat(line).contains("\"sensor_id\":\"\\uD800\"").isASCII();
    assertThat(new JsonObject(line).getInteger("global_score")).isEqualTo(96);
  }

  @Test
  @DisplayName("looks only at the chosen topics, and at what came on none")
  void topics() {
    IaqConfig config =
        new IaqConfig(
            List.of("iaq/+/air", "room/#"),
            IaqConfig.DEFAULTS.co2(),
            IaqConfig.DEFAULTS.pm25(),
            IaqConfig.DEFAULTS.tvoc(),
            IaqConfig.DEFAULTS.temperature(),
            IaqConfig.DEFAULTS.humidity(),
            IaqConfig.DEFAULTS.hold(),
            IaqConfig.DEFAULTS.clear(),
            IaqConfig.DEFAULTS.repeat(),
            10,
            3,
            IaqConfig.DEFAULTS.stale(),
            IaqConfig.DEFAULTS.predict(),
            IaqConfig.DEFAULTS.save());
    Completion some = new Completion(config, () -> 0);

    assertThat(texts(some.apply(lines(on("iaq/1/air"), on("room"), on("room/2/x"), "{\"rh\":1}"))))
        .allMatch(line -> line.contains("global_score"));
    Lines others = lines(on("pws-packet/station-1/temp"), on("iaq/1"), on("iaq/1/2/air"));
    assertThat(some.apply(others)).isSameAs(others);
  }

  private static String on(String topic) {
    return "{\"temperature\":5,\"_topic\":\"" + topic + "\"}";
  }

  private static String only(Lines lines) {
    assertThat(lines.count()).isEqualTo(1);
    return texts(lines).get(0);
  }
}
