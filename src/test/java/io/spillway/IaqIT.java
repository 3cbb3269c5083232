package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Http;
import io.spillway.kit.Ndjson;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Indoor air")
class IaqIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LIVE = "live-token-0123456789";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  @RegisterExtension final Site site = new Site();

  private Spillway server() {
    JsonArray tokens =
        new JsonArray()
            .add(token("edges", Spillway.TOKEN, "ingest"))
            .add(token("pages", LIVE, "live"));
    return Spillway.server(site)
        .set("server.tokens", tokens)
        .set("iaq.holdMs", 0)
        .set("iaq.clearMs", 0)
        .set("iaq.saveMs", 200);
  }

  private static JsonObject token(String name, String secret, String role) {
    return new JsonObject().put("name", name).put("secret", secret).put("role", role);
  }

  /** A plain client that sends, or a page that listens. */
  private final class Client implements WebSocket.Listener, AutoCloseable {
    private final List<JsonObject> got = Collections.synchronizedList(new ArrayList<>());
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    private Client(Spillway server, String token, String query) throws Exception {
      URI url = URI.create(server.wsUrl() + "?token=" + token + query);
      socket = CLIENT.newWebSocketBuilder().buildAsync(url, this).get(20, TimeUnit.SECONDS);
      site.own(this);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        got.add(new JsonObject(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void send(String message) throws Exception {
      socket.sendText(message, true).get(20, TimeUnit.SECONDS);
    }

    private JsonObject await(String what, Predicate<JsonObject> wanted) {
      Await.until(() -> what + " in " + got, SOON, () -> first(wanted) != null);
      return first(wanted);
    }

    private JsonObject first(Predicate<JsonObject> wanted) {
      synchronized (got) {
        return got.stream().filter(wanted).findFirst().orElse(null);
      }
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private static Predicate<JsonObject> is(String type, String member, String value) {
    return message ->
        type.equals(message.getString("type")) && value.equals(message.getString(member));
  }

  private static String measured(String sensor, int n, int co2) {
    return new JsonObject()
        .put("n", n)
        .put("sensor_id", sensor)
        .put("timestamp", START.plusSeconds(20L * n).toString())
        .put("co2", co2)
        .put("rh", 45)
        .encode();
  }

  @Test
  @DisplayName("gives pages the thresholds of its alerts to colour by")
  void thresholds() throws Exception {
    Spillway server = server().set("iaq.co2.warning", 900).start();

    JsonObject config = new JsonObject(Http.get(server.httpUrl() + "/config?token=" + LIVE).body());

    assertThat(config.getJsonObject("thresholds").getJsonObject("co2").encode())
        .isEqualTo("{\"unit\":\"ppm\",\"good\":{\"max\":900.0},\"medium\":{\"max\":2000.0}}");
  }

  @Test
  @DisplayName(
      "is shown live: the score, an alert and its end, what to do, what comes, who is there")
  void live() throws Exception {
    Spillway server = server().set("iaq.staleMs", 1_500).start();
    Client page = new Client(server, LIVE, "");
    Client measurements = new Client(server, LIVE, "&topics=measurements");
    Client sensor = new Client(server, Spillway.TOKEN, "");

    sensor.send(
        """
        {"sensor_id":"bureau1","enseigne":"Maison","salle":"Bureau","timestamp":"2025-11-19T10:05:00Z",
        "values":{"CO2":645,"PM25":12,"TVOC":0.2,"Temperature":22.3,"Humidity":45}}""");
    JsonObject measurement = page.await("the measurement", is("measurement", "salle", "Bureau"));
    assertThat(measurement.getInteger("global_score")).isEqualTo(85);
    assertThat(measurement.getInteger("co2")).isEqualTo(645);
    assertThat(measurement.getDouble("temperature")).isEqualTo(22.3);
    assertThat(page.await("a new module", is("module", "state", "new")).getString("sensor_id"))
        .isEqualTo("bureau1");

    sensor.send(measured("bureau1", 1, 2500));
    JsonObject alert = page.await("an alert", is("alert", "state", "active"));
    assertThat(alert.getString("level")).isEqualTo("critical");
    assertThat(alert.getString("quantity")).isEqualTo("CO2");
    JsonObject action = page.await("an action", is("action", "action", "ventilate"));
    assertThat(action.getString("alert_id")).isEqualTo(alert.getString("alert_id"));
    assertThat(action.getJsonObject("text").getString("fr")).startsWith("Aérez");
    sensor.send(measured("bureau1", 2, 600));
    page.await("the end of the alert", is("alert", "state", "over"));
    for (int n = 3; n < 10; n++) {
      sensor.send(measured("bureau1", n, 600));
    }
    JsonObject prediction = page.await("a prediction", is("prediction", "sensor_id", "bureau1"));
    assertThat(prediction.getJsonObject("values").getInteger("CO2")).isPositive();

    String hall = "{\"sensor_id\":\"hall\",\"co2\":600}";
    sensor.send(hall);
    page.await(
        "a stale module", is("module", "state", "stale").and(is("module", "sensor_id", "hall")));
    sensor.send(hall);
    page.await("the module's return", is("module", "state", "back"));
    measurements.await("the last measurement", message -> hall(measurements) == 2);
    assertThat(measurements.got.stream().filter(m -> m.containsKey("_offset")))
        .hasSize(12)
        .allMatch(m -> m.getString("type").equals("measurement") && m.containsKey("global_score"));
    assertThat(Http.get(server.httpUrl() + "/metrics").body())
        .contains("spillway_iaq_measurements_total 12.0", "spillway_iaq_sensors 2.0");
  }

  private static long hall(Client page) {
    return page.got.stream().filter(m -> "hall".equals(m.getString("sensor_id"))).count();
  }

  @Test
  @DisplayName("is worked out once for each measurement, through kill -9 in mid-load")
  void killed() throws Exception {
    Spillway server = server().start();
    int n = 0;
    for (int round = 0; round < 4; round++) {
      Client sensor = new Client(server, Spillway.TOKEN, "");
      for (int i = 0; i < 60; i++, n += 5) {
        StringBuilder lines = new StringBuilder();
        for (int k = n; k < n + 5; k++) {
          int co2 = new int[] {500, 1200, 2600, 1700, 700}[k / 4 % 5];
          lines.append(measured("s" + k % 4, k, co2)).append('\n');
        }
        sensor.send(lines.toString());
      }
      int sent = n;
      int least = sent - 150;
      server.stored().await("some are stored", line -> line.contains("\"n\":" + least + ","));
      server.crash();
    }
    new Client(server, Spillway.TOKEN, "").send(measured("last", n, 500));
    Ndjson stored = server.stored();
    stored.await(
        "the last is looked at",
        line -> line.contains("module.new\"") && line.contains("\"last\""));

    List<JsonObject> records = stored.records();
    assertOnce(records);
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  /** Follows every sensor through the journal, by rules of its own. */
  private static void assertOnce(List<JsonObject> records) {
    Map<String, Integer> level = new HashMap<>();
    Set<String> expected = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < records.size(); i++) {
      JsonObject record = records.get(i);
      if (record.getString("_id", "").startsWith("iaq.")) {
        continue;
      }
      String sensor = record.getString("sensor_id");
      String id = "iaq." + (i + 1) + ".";
      int co2 = record.getInteger("co2");
      int now = co2 >= 2000 ? 2 : co2 >= 1000 ? 1 : 0;
      int before = level.getOrDefault(sensor, 0);
      level.put(sensor, now);
      if (seen.add(sensor)) {
        expected.add(id + "module.new");
      }
      if (now != before) {
        expected.add(id + "alert.co2.high");
      }
      if (now > before) {
        expected.add(id + "action.co2.high");
      }
    }
    List<String> written =
        records.stream()
            .map(record -> record.getString("_id", ""))
            .filter(id -> id.startsWith("iaq.") && !id.endsWith(".prediction"))
            .collect(Collectors.toList());
    assertThat(written).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    assertThat(
            records.stream()
                .map(r -> r.getString("_id", ""))
                .filter(id -> id.endsWith("prediction")))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }
}
