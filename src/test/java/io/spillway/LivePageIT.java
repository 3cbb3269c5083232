package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Browser;
import io.spillway.kit.Curl;
import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Nginx;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The live page in a real Chromium")
class LivePageIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LATER = Duration.ofMinutes(5); // on a busy machine
  private static final int BUCKET_MS = 2_000; // of a chart of five minutes
  private static final String POINTS =
      "Chart.getChart(document.querySelector('.tile canvas')).data.datasets[0].data";

  @RegisterExtension final Site site = new Site();

  @Test
  @Proof
  @DisplayName("charts all of the demo, and looks well in light, in dark, in French, on a phone")
  void looks() {
    Browser browser = connected(demo(1000).httpUrl()).screen(1440, 900).prefers("light");

    browser.await("nine sensors", SOON, "document.querySelectorAll('.sensor').length == 9");
    browser.await(
        "their quantities", SOON, "document.querySelectorAll('.tile').length == 3 * 7 + 6 * 6");
    browser.await("alerts, too", LATER, "wsManager.counts.records > 400");
    browser.await(
        "what the way is",
        SOON,
        "/9 sensors → broker → spool → server → you: .*nothing lost/.test(document.querySelector('#way').ariaLabel)");
    assertThat(browser.text())
        .contains("°C", "ppm", "m/s", "mm/h", "Air score")
        .doesNotContain("Horizon");
    assertThat((Integer) browser.run("return Object.keys(Chart.instances).length"))
        .as("charts only where somebody looks")
        .isBetween(12, 40);
    for (String theme : List.of("light", "dark")) {
      browser.prefers(theme).screen(1440, 900).screenshot("live-" + theme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
      browser.screen(360, 780).screenshot("live-phone-" + theme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
    }
    browser.screen(1440, 900).run("document.querySelectorAll('.open')[3].click()");
    browser.await(
        "the past is read", SOON, "document.querySelector('#detail-note').textContent == ''");
    browser.screenshot("live-detail-dark");
    browser.screen(360, 780).screenshot("live-detail-phone");
    assertThat(
            browser.run(
                "const d = document.querySelector('#detail'); return d.scrollWidth - d.clientWidth"))
        .isEqualTo(0);
    assertThat(browser.console()).isEmpty();
    browser.open((String) browser.run("return location.origin + '/?lang=fr'"));
    browser.await("all", SOON, "document.querySelectorAll('.tile').length == 3 * 7 + 6 * 6");
    browser.await(
        "en direct",
        SOON,
        "wsManager.isConnected && document.querySelector('#way[data-flowing=true]')");
    browser.screenshot("live-french");
    browser.screen(360, 780).screenshot("live-phone-french");
    assertThat(overflow(browser)).isLessThanOrEqualTo(0);
    assertThat(browser.text()).contains("9 capteurs", "rien de perdu", "Score de l’air");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("chooses topics, and stands still while it is paused")
  void chooses() {
    Browser browser = connected(demo(100).httpUrl());
    browser.await("all", SOON, "document.querySelectorAll('.sensor').length == 9");

    choose(browser, "pws-packet/+/temp");
    browser.await("three", SOON, "document.querySelectorAll('.sensor').length == 3");
    browser.await("two each", SOON, "document.querySelectorAll('.tile').length == 6");
    assertThat(browser.run("return wsManager.subscriptions"))
        .isEqualTo(new JsonArray().add("pws-packet/+/temp"));
    browser.run(
        "document.querySelector('#pause').click(); window.had = wsManager.counts.records;"
            + "window.was = document.querySelector('#values').innerText");
    browser.await("more has come", SOON, "wsManager.counts.records > had + 30");
    assertThat(browser.text()).contains("what comes is kept");
    assertThat(browser.run("return document.querySelector('#values').innerText == was"))
        .isEqualTo(true);
    browser.run("document.querySelector('#pause').click()");
    browser.await("it goes on", SOON, "document.querySelector('.age').textContent == 'now'");
    choose(browser, "a/#/b");
    assertThat(browser.text()).contains("# is not alone in the last level");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("tells the value and the time that are pointed at, and goes on when they are left")
  void hover() {
    Browser browser = connected(demo(200).httpUrl());
    browser.await(
        "a line", SOON, "window.Chart && document.querySelector('.tile canvas')?.ariaLabel");
    browser.await("some points", SOON, POINTS + ".length > 10");

    browser.run(
        """
        window.plot = document.querySelector('.tile canvas');
        window.tile = plot.closest('.tile');
        const { left, top } = plot.getBoundingClientRect();
        window.point = Chart.getChart(plot).getDatasetMeta(0).data[3];
        plot.dispatchEvent(new MouseEvent('mousemove', { clientX: left + point.x, clientY: top + point.y, bubbles: true }));
        """);
    browser.await(
        "its time", SOON, "/\\d+:\\d+:\\d+/.test(tile.querySelector('.age').textContent)");
    assertThat(browser.run("return Number(tile.querySelector('b').textContent)"))
        .isEqualTo(browser.run("return " + POINTS + "[3].y"));
    browser.run("plot.dispatchEvent(new PointerEvent('pointerleave'))");
    browser.await("the newest", SOON, "tile.querySelector('.age').textContent == 'now'");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("draws every point once when the server was killed, and when WebSockets are blocked")
  void everyPoint() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Nginx nginx = new Nginx(site, server.port()).start();
    Browser browser = connected("http://127.0.0.1:" + nginx.port());
    browser.run("window.ids = []; wsManager.on('all', (record) => ids.push(record.id))");
    Publisher publisher = site.publisher(broker, "test/a").begin(100);

    browser.await("records", SOON, "ids.length > 300");
    server.kill9();
    browser.await(
        "it says so", SOON, "/no connection/.test(document.querySelector('#way').innerText)");
    server.start();
    browser.await("it is back", LATER, "wsManager.isConnected");
    browser.await(
        "all is well again", SOON, "/nothing lost/.test(document.querySelector('#way').innerText)");
    nginx.blockWebSockets(true);
    browser.await("it polls", SOON, "wsManager.mode == 'polling'");
    browser.run("window.had = ids.length");
    browser.await(
        "it says so", SOON, "/polling/.test(document.querySelector('#status').innerText)");
    browser.await("it goes on", SOON, "ids.length > had + 300");
    publisher.end();
    publisher.awaitAcknowledged();

    int sent = publisher.sent();
    browser.await("the last of " + sent, SOON, "ids.length >= " + sent);
    browser.await("it is drawn", SOON, POINTS + ".at(-1).y == " + (sent - 1));
    assertThat(browser.run("return ids"))
        .isEqualTo(new JsonArray(IntStream.range(0, sent).mapToObj(publisher::id).toList()));
    assertNothingMissing(
        (JsonArray) browser.run("return " + POINTS + ".filter(({ y }) => y !== null)"), sent);
  }

  /** Of each while the least and the greatest: together they leave nothing out. */
  private static void assertNothingMissing(JsonArray points, int sent) {
    long expected = 0;
    long bucket = -1;
    for (int i = 0; i < points.size(); i++) {
      JsonObject point = points.getJsonObject(i);
      if (point.getValue("y") instanceof Number y) {
        long now = point.getLong("x") / BUCKET_MS;
        if (now != bucket) {
          assertThat(y.longValue()).as("first of while %d", now).isEqualTo(expected);
        }
        expected = y.longValue() + 1;
        bucket = now;
      }
    }
    assertThat(expected).isEqualTo(sent);
  }

  @Test
  @Proof
  @DisplayName("answers clicks and keeps its memory with 50 stations at 1,000 messages a second")
  void underLoad() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());
    String[] topics =
        IntStream.rangeClosed(1, 50).mapToObj(n -> "test/station-" + n).toArray(String[]::new);
    browser.run(
        """
        window.took = [];
        document.querySelector('#pause').addEventListener('click', (event) =>
          requestAnimationFrame(() => requestAnimationFrame(() => took.push(performance.now() - event.timeStamp))));
        document.querySelector('#pause').focus();
        """);
    Publisher publisher = site.publisher(broker, topics).begin(1000);

    browser.await("20 s of it", LATER, "wsManager.counts.records > 20000");
    long early = browser.heapBytes();
    for (int i = 1; i <= 20; i++) {
      browser.type(Browser.ENTER).await("an answer", SOON, "took.length == " + i);
    }
    browser.await("60 s of it", LATER, "wsManager.counts.records > 60000");
    long late = browser.heapBytes();
    publisher.end();

    JsonArray took = (JsonArray) browser.run("return took.sort((a, b) => a - b)");
    String figures =
        "click to picture: median %.0f ms, slowest %.0f ms; heap %.1f MB, then %.1f MB"
            .formatted(
                took.getDouble(10), took.getDouble(19), (double) early / 1e6, (double) late / 1e6);
    System.out.println(figures);
    assertThat(took.getDouble(19)).as(figures).isLessThan(2_000);
    assertThat((double) late).as(figures).isLessThan(early * 1.25 + 4e6);
    assertThat(browser.run("return document.querySelectorAll('.sensor').length")).isEqualTo(50);
    browser.screenshot("live-load");
    assertThat(browser.console()).isEmpty();
  }

  @Proof
  @Test
  @DisplayName("fills any time from what is stored, and the first view takes less than 300 KB")
  void history() {
    Spillway server = openServer().set("server.tokens", new JsonArray()).start();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    StringBuilder lines = new StringBuilder();
    for (int n = 0; n < 18_000; n++) { // an hour of five rooms
      lines.append(measurement(n, now.minusMillis((17_999 - n) * 200L)));
    }
    ingest(server, lines.toString());
    Browser browser = connected(server.httpUrl());

    browser.await(
        "five minutes",
        SOON,
        "document.querySelector('.tile canvas')?.ariaLabel && " + spanOf(POINTS) + " > 280e3");
    browser.await("it is done", SOON, "document.querySelector('#note').textContent == ''");
    int bytes =
        ((Number)
                browser.run(
                    "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                        + ".reduce((sum, { transferSize }) => sum + transferSize, 0)"))
            .intValue();
    System.out.println("first view: " + bytes + " bytes");
    assertThat(bytes).isBetween(50_000, 300_000);

    browser.run(
        "document.querySelector('#ranges [value=\"1h\"]').click(); window.began = performance.now()");
    browser.await("an hour", SOON, spanOf(POINTS) + " > 3500e3");
    assertThat(browser.text()).contains("samples of the past");
    browser.run("document.querySelector('#ranges [value=\"1m\"]').click()");
    browser.await("a minute", SOON, spanOf(POINTS) + " < 61e3 && " + spanOf(POINTS) + " > 40e3");
    browser.open(server.httpUrl());
    browser.await(
        "it is remembered", SOON, "document.querySelector('#ranges :checked')?.value == '1m'");
    assertThat(browser.console()).isEmpty();
  }

  private void ingest(Spillway server, String lines) {
    try {
      Path file = Files.writeString(site.dir().resolve("records.ndjson"), lines);
      String url = server.httpUrl() + "/api/ingest";
      Curl.Answer answer = new Curl(site).run("-T", file.toString(), "-X", "POST", url);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static String measurement(int n, Instant at) {
    return String.format(
        Locale.ROOT,
        "{\"sensor_id\":\"room-%d\",\"timestamp\":\"%s\",\"co2\":%.0f,\"temperature\":%.1f,\"humidity\":%.1f}%n",
        n % 5,
        at,
        700 + 200 * Math.sin(n / 900.0),
        21 + Math.cos(n / 300.0),
        45 + 3 * Math.cos(n / 700.0));
  }

  private static String spanOf(String points) {
    return "(" + points + ".at(-1)?.x - " + points + "[0]?.x)";
  }

  @Test
  @DisplayName("needs nothing but a keyboard")
  void keyboard() {
    Browser browser = connected(demo(200).httpUrl());
    browser.await("all", SOON, "document.querySelectorAll('.sensor').length == 9");

    tabTo(browser, "#ranges :checked").type(Browser.LEFT);
    browser.await("a minute", SOON, "document.querySelector('#ranges :checked').value == '1m'");
    tabTo(browser, "#pause").type(Browser.ENTER);
    browser.await("it is paused", SOON, "document.querySelector('#pause').ariaPressed == 'true'");
    browser.type(Browser.ENTER);
    browser.await("it goes on", SOON, "document.querySelector('#pause').ariaPressed == 'false'");
    tabTo(browser, ".tile .open").type(Browser.ENTER);
    browser.await("it is large", SOON, "document.querySelector('#detail').open");
    browser.await(
        "there is a line",
        SOON,
        "Chart.getChart('detail-canvas').data.datasets[0].data.length > 3");
    browser.await(
        "the past is read", SOON, "document.querySelector('#detail-note').textContent == ''");
    tabTo(browser, "#detail-plot").type(Browser.LEFT);
    browser.await(
        "a point is read",
        SOON,
        "/\\d+:\\d+.*: \\d/.test(document.querySelector('#detail-point').textContent)");
    String index = "Chart.getChart('detail-canvas').getActiveElements()[0]?.index";
    int read = (Integer) browser.run("return " + index);
    browser.type(Browser.LEFT).await("the one before", SOON, index + " == " + (read - 1));
    tabTo(browser, "#detail summary").type(Browser.ENTER);
    browser.await("a table", SOON, "document.querySelectorAll('#detail-table tr').length > 0");
    browser.type(Browser.ESCAPE);
    browser.await("it is closed", SOON, "!document.querySelector('#detail').open");
    assertThat(browser.run("return document.activeElement.matches('.tile .open')")).isEqualTo(true);
    assertThat(browser.console()).isEmpty();
  }

  private static Browser tabTo(Browser browser, String selector) {
    String there =
        "return document.activeElement.matches(" + new JsonArray().add(selector).encode() + "[0])";
    for (int i = 0; i < 80 && !Boolean.TRUE.equals(browser.run(there)); i++) {
      browser.type(Browser.TAB);
    }
    assertThat(browser.run(there)).as(selector).isEqualTo(true);
    return browser;
  }

  @Test
  @DisplayName("says which sensors it has left out, and which are silent")
  void bounded() {
    Spillway server = openServer().set("server.tokens", new JsonArray()).start();
    StringBuilder lines = new StringBuilder();
    for (int n = 0; n < 230; n++) {
      lines
          .append("{\"sensor_id\":\"s")
          .append(n)
          .append("\",\"level\":")
          .append(n)
          .append(",\"timestamp\":\"");
      lines.append(Instant.now().minusSeconds(400)).append("\"}\n");
    }
    ingest(server, lines.toString());
    Browser browser = connected(server.httpUrl());

    browser.await("200", SOON, "document.querySelectorAll('.sensor').length == 200");
    browser.await(
        "the others",
        SOON,
        "document.querySelector('#left').innerText.startsWith('30 more sensors')");
    browser.await(
        "silence",
        SOON,
        "document.querySelector('.tile.stale .age')?.innerText.startsWith('stale')");
    browser.screenshot("live-bounded");
    assertThat(browser.console()).isEmpty();
  }

  private static void choose(Browser browser, String topic) {
    browser.run(
        "const box = document.querySelector('#filter'); box.value = '"
            + topic
            + "'; box.dispatchEvent(new Event('change'))");
  }

  private static int overflow(Browser browser) {
    return (Integer) browser.run("return document.documentElement.scrollWidth - window.innerWidth");
  }

  private Spillway openServer() {
    return Spillway.server(site).set("server.live.anonymous", true);
  }

  private Spillway demo(int everyMs) {
    int mqtt = FreePort.next();
    Spillway demo = openServer();
    JsonArray topics = new JsonArray().add("pws-packet/#").add("iaq/#").add("tour/#");
    return demo.set("server.tokens", new JsonArray())
        .set("broker.port", mqtt)
        .set("broker.webSocketPort", FreePort.next())
        .set("simulator.stations", 3)
        .set("simulator.everyMs", everyMs)
        .set("edge.name", "demo")
        .set("edge.mqtt.url", "mqtt://127.0.0.1:" + mqtt)
        .set("edge.mqtt.topics", topics)
        .set("edge.uplink.url", demo.wsUrl())
        .set("iaq.topics", new JsonArray().add("iaq/#"))
        .set("iaq.holdMs", 5_000)
        .set("iaq.predictMs", 60_000)
        .start();
  }

  private Browser connected(String url) {
    Browser browser = Browser.start(site).open(url + "/");
    return browser.await("it is live", SOON, "window.wsManager && wsManager.isConnected");
  }
}
