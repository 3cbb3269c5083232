package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Browser;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Nginx;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The client of a page in a real Chromium")
class BrowserIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String LIVE_TOKEN = "live-token-0123456789";
  private static final List<String> NAMES =
      List.of(
          "sensor_id",
          "station",
          "device",
          "name",
          "kind",
          "site",
          "room",
          "unit",
          "id",
          "value",
          "level_unit",
          "t",
          "timestamp",
          "_topic",
          "_id",
          "_offset",
          "_ts_src");
  private static final String COLLECT =
      "window.seen = []; wsManager.on('all', (record) => seen.push(record.n));";

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("shows what is published within a second, and says nothing in the console")
  void showsRecords() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).set("edge.batch.intervalMs", 500).start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());

    List<Long> tookMs = new ArrayList<>();
    for (int n = 1; n <= 5; n++) {
      long began = System.nanoTime();
      MosquittoClients.pub(site, broker, "test/attic", "{\"temperature\":" + (20 + n) + ".25}");
      browser.await("number " + n, SOON, "document.body.innerText.includes('" + (20 + n) + ".25')");
      tookMs.add((System.nanoTime() - began) / 1_000_000);
    }

    assertThat(tookMs.stream().sorted().toList().get(2))
        .as("median of %s", tookMs)
        .isLessThan(1000);
    assertThat(browser.text()).contains("test/attic", "temperature");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("answers the lines that the documents type in the console")
  void documentedConsole() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());

    browser.run("console.log('WebSocket:', window.wsManager.isConnectionActive());");
    browser.run(
        """
        window.wsManager.on('measurements', (data) => {
          console.log('📊 Nouvelle mesure:', data.co2);
        });
        window.wsManager.on('error', () => {
          console.warn('WebSocket erreur, fallback sur polling HTTP');
        });
        """);
    assertThat(browser.run("return window.wsManager.isConnected")).isEqualTo(true);
    assertThat(browser.run("return window.wsManager.subscriptions"))
        .isEqualTo(new JsonArray().add("all").add("measurements"));
    browser.run("window.wsManager.disconnect()");
    assertThat(browser.run("return window.wsManager.isConnectionActive()")).isEqualTo(false);
    MosquittoClients.pub(site, broker, "test/salle", "{\"co2\":812}");
    server.stored().await("it", line -> line.contains("812"));
    browser.run("window.wsManager.connect()");
    browser.await("it is caught up", SOON, "document.body.innerText.includes('812')");

    assertThat(browser.console())
        .anyMatch(line -> line.contains("\"WebSocket:\" true"))
        .anyMatch(line -> line.contains("Nouvelle mesure:") && line.contains("812"))
        .noneMatch(line -> line.startsWith("SEVERE"));
  }

  @Test
  @DisplayName("is what the example in docs/live.md says")
  void documented() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server)
        .set("edge.mqtt.topics", new JsonArray().add("pws-packet/#"))
        .start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());
    String page = Files.readString(Site.PROJECT.resolve("docs/live.md"));
    String example = page.split("```js\n", -1)[1].split("```", -1)[0];
    String asFunction =
        example.replaceFirst("import (\\{.*}) from (.*);", "const $1 = await import($2);");

    browser.run("(async () => {" + asFunction + "window.ready = live; })()");
    browser.await("it is live", SOON, "window.ready && ready.isConnected");
    MosquittoClients.pub(site, broker, "pws-packet/attic/temp", "{\"temperature\":21.5}");
    browser.await("it", SOON, "ready.counts.records == 1");

    assertThat(String.join("\n", browser.console()))
        .contains("\"records come by\" \"websocket\"", "\"measured:\"", "\"temperature:\" 21.5");
  }

  @Test
  @Proof
  @DisplayName("goes on when the server was killed: each record once and in order")
  void serverKilled() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());
    browser.run(COLLECT);
    Publisher publisher = site.publisher(broker, "test/a").begin(200);

    for (int round = 1; round <= 2; round++) {
      browser.await("records", SOON, "seen.length > " + 300 * round);
      server.kill9();
      browser.await(
          "it shows", SOON, "document.querySelector('#status').dataset.mode != 'websocket'");
      server.start();
      browser.await("it is back", SOON, "wsManager.isConnected");
    }
    browser.await("records", SOON, "seen.length > 1000");

    assertAllSeenOnce(browser, publisher);
  }

  @Test
  @Proof
  @DisplayName("polls while a proxy lets no WebSocket through, and returns to it: each record once")
  void pollingFallback() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Nginx nginx = new Nginx(site, server.port()).start();
    Browser browser = connected("http://127.0.0.1:" + nginx.port());
    browser.run(COLLECT);
    Publisher publisher = site.publisher(broker, "test/a").begin(200);

    for (int round = 1; round <= 3; round++) {
      browser.await("records", SOON, "seen.length > " + 300 * round);
      nginx.blockWebSockets(true);
      browser.await("it polls", SOON, "wsManager.mode == 'polling'"); // however short it was live
      browser.run("window.before = seen.length");
      browser.await("records by polling", SOON, "seen.length > before + 300");
      if (round == 1) {
        browser.screenshot("polling");
      }
      nginx.blockWebSockets(false);
      browser.await("it is back", SOON.plus(SOON), "wsManager.isConnected");
    }
    browser.await("records", SOON, "seen.length > 1000");

    assertAllSeenOnce(browser, publisher);
  }

  private static void assertAllSeenOnce(Browser browser, Publisher publisher) {
    publisher.end();
    publisher.awaitAcknowledged();
    int sent = publisher.sent();
    browser.await("the last of " + sent, SOON, "seen.at(-1) >= " + (sent - 1));
    JsonArray seen = (JsonArray) browser.run("return seen");
    assertThat(seen.stream().map(n -> ((Number) n).intValue()).toList())
        .isEqualTo(IntStream.range(0, sent).boxed().toList());
  }

  @Proof
  @Test
  @DisplayName("says that a token is wrong, does not try again, and takes another")
  void wrongToken() {
    Spillway server = Spillway.server(site);
    JsonObject live =
        new JsonObject().put("name", "page").put("secret", LIVE_TOKEN).put("role", "live");
    server.conf().getJsonObject("server").getJsonArray("tokens").add(live);
    server.start();
    Browser browser = Browser.start(site).open(server.httpUrl() + "/?token=wrong#here");

    browser.await("it is told", SOON, "!document.querySelector('#notice').hidden");
    assertThat(browser.text()).contains("token");
    assertThat(browser.run("return location.href")).isEqualTo(server.httpUrl() + "/#here");
    int dials = (Integer) browser.run("return wsManager.counts.dials");
    assertThat(dials).isLessThanOrEqualTo(2);
    browser.screenshot("wrong-token");
    browser.run(
        "document.querySelector('#token').value = '"
            + LIVE_TOKEN
            + "'; document.querySelector('#token-form button').click()");
    browser.await("it is let in", SOON, "wsManager.isConnected");
    assertThat(browser.run("return wsManager.counts.dials")).isEqualTo(dials + 1);
    assertThat(browser.run("return document.querySelector('#notice').hidden")).isEqualTo(true);
    browser.open(server.httpUrl());
    browser.await("the tab remembers", SOON, "wsManager.isConnected");
    assertThat(server.proc().output()).doesNotContain(LIVE_TOKEN);
  }

  @Test
  @DisplayName("shows what looks like a script as text")
  void hostileRecord() {
    Mosquitto broker = site.mosquitto();
    Spillway server = openServer().start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());
    String image = "<img src=x onerror=window.hacked=1>";
    String script = "<script>window.hacked=1</script>";
    JsonObject record =
        new JsonObject().put("text", image).put(script, script).put("inner", new JsonObject());
    record.getJsonObject("inner").put(image, script);

    MosquittoClients.pub(site, broker, "test/" + image, record.encode());
    JsonObject numbers =
        new JsonObject().put(script, 1).put("salle", image).put("enseigne", script);
    numbers.put("units", new JsonObject().put(script, "<b onclick=x>"));
    MosquittoClients.pub(site, broker, "test/n", numbers.encode());
    JsonObject all = new JsonObject().put("level", 1);
    for (String name : NAMES) {
      all.put(name, image);
    }
    MosquittoClients.pub(site, broker, "test/all", all.encode());
    MosquittoClients.pub(site, broker, "test/type", "{\"type\":\"" + image + "\"}");
    browser.await(
        "all",
        SOON,
        "wsManager.counts.records == 4 && document.querySelectorAll('.sensor').length == 3");
    browser.await("the unit", SOON, "document.body.innerText.includes('<b onclick=x>')");
    browser.run("document.querySelectorAll('.stream summary').forEach((one) => one.click())");
    browser.await("it is open", SOON, "document.querySelector('.stream pre')");
    browser.run("document.querySelectorAll('.open').forEach((one) => one.click())");
    browser.await("it is large", SOON, "document.querySelector('#detail').open");

    assertThat(browser.text()).contains(image, script);
    assertThat(browser.run("return window.hacked")).isNull();
    assertThat(browser.run("return document.querySelectorAll('main img, main script').length"))
        .isEqualTo(0);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("has a client that passes its own tests in Node")
  void clientInNode() {
    Proc tests = NodeScript.test(site);
    int code = tests.awaitExit(Duration.ofMinutes(3));
    assertThat(code).as(tests.output()).isZero();
    Await.until("they were run", SOON, () -> tests.output().contains("pass"));
  }

  private Spillway openServer() {
    return Spillway.server(site).set("server.live.anonymous", true);
  }

  private Browser connected(String url) {
    Browser browser = Browser.start(site).open(url + "/");
    return browser.await("it is live", SOON, "window.wsManager && wsManager.isConnected");
  }
}
