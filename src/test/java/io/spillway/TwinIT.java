package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Browser;
import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Nginx;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The digital twin in a real Chromium")
class TwinIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String ESCAPE = "\uE00C";
  private static final String RIGHT = "\uE014";

  /** Finds a room on the plan, and what is drawn of a quantity in the panel. */
  private static final String FINDERS =
      """
      window.room = (name) => [...document.querySelectorAll('.room')]
        .find((one) => JSON.parse(one.dataset.key)[1] === name);
      window.drawn = (quantity) => JSON.parse(
        document.querySelector(`[data-quantity="${quantity}"] canvas`)?.dataset.drawn ?? '{}');
      """;

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("shows a room as it is measured, its colour, its alert and that it is over")
  void appearsAndChanges() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().set("iaq.holdMs", 0).set("iaq.clearMs", 0).start();
    edge(broker, server);
    Browser browser = connected(server.httpUrl());
    browser.await("what to publish", SOON, "!document.querySelector('#empty').hidden");
    String hint = (String) browser.run("return document.querySelector('#empty pre').innerText");

    MosquittoClients.pub(site, broker, hint.split(" ", -1)[4], hint.split("'", -1)[1]);
    browser.await("the room of the hint", SOON, "room('Bureau')?.dataset.band == 'good'");
    assertThat(browser.text()).contains("Maison", "22.3").doesNotContain("mosquitto_pub");
    publish(broker, measured("Maison", "Bureau", 1_600, 0));
    browser.await("another colour", SOON, "room('Bureau').dataset.band == 'poor'");
    browser.await("the alert", SOON, "room('Bureau').dataset.alerts == '1'");
    assertThat((String) browser.run("return room('Bureau').getAttribute('aria-label')"))
        .contains("Bureau, Maison", "poor", "alerts: 1");
    click(browser, "room('Bureau')");
    browser.await("what to do", SOON, "document.querySelector('#panel-alerts p')");
    assertThat(browser.text()).contains("CO₂ 1,600 ppm, above 1,000", "Ventilate");
    publish(broker, measured("Maison", "Bureau", 600, -1));
    browser.await("it is over", SOON, "room('Bureau').dataset.alerts == '0'");
    browser.await("as before", SOON, "room('Bureau').dataset.band == 'good'");
    assertThat(browser.text()).contains("No open alerts.");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("tells a page that is opened late all of it, behind a crowd of other measurements")
  void late() {
    Spillway server = server().set("iaq.holdMs", 0).set("iaq.topics", iaq()).start();
    PlainSender.send(server, past("Maison", "Bureau"));
    PlainSender.send(server, past("Maison", "Salon"));
    String[] weather =
        IntStream.range(0, 3_000)
            .mapToObj(n -> "{\"_topic\":\"pws-packet/a\",\"n\":" + n + "}")
            .toArray(String[]::new);
    PlainSender.send(server, weather);

    Browser browser = connected(server.httpUrl());
    browser.await("both rooms", SOON, "room('Bureau') && room('Salon')");
    browser.await("an alert", SOON, "room('Bureau').dataset.alerts == '1'");
    browser.await("a prediction", SOON, "room('Bureau').textContent.includes('min:')");
    click(browser, "room('Bureau')");
    browser.await("the history", SOON, "drawn('CO2').points >= 40");
    browser.await("what is expected", SOON, "drawn('CO2').outlook && drawn('CO2').limits == 2");
    assertThat((String) browser.run("return document.querySelector('#panel canvas').ariaLabel"))
        .contains("CO₂", "ppm");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("is used with the keyboard alone, and read as a table")
  void keyboard() {
    Spillway server = server().start();
    PlainSender.send(
        server, measured("Maison", "Bureau", 700, 0), measured("Maison", "Salon", 500, 0));
    Browser browser = connected(server.httpUrl()).screen(1440, 900);
    browser.await("both rooms", SOON, "room('Bureau') && room('Salon')");

    browser.run("document.querySelector('#which').focus()");
    browser.type(Browser.TAB);
    assertThat(browser.run("return document.activeElement === room('Bureau')")).isEqualTo(true);
    browser.type(RIGHT + Browser.ENTER);
    browser.await("its panel", SOON, "document.querySelector('#panel').open");
    browser.await("its history", SOON, "drawn('CO2').points >= 1");
    assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("Salon");
    browser.type(ESCAPE);
    browser.await("it is closed", SOON, "!document.querySelector('#panel').open");
    browser.await("the focus is back", SOON, "document.activeElement === room('Salon')");

    browser.run("document.querySelector('#tabular summary').click()");
    browser.await("the rows", SOON, "document.querySelectorAll('#table tbody tr').length == 2");
    assertThat((String) browser.run("return document.querySelector('#table').innerText"))
        .contains("Maison", "Bureau", "700\u00a0ppm", "good");
    browser.screen(360, 780);
    browser.run("document.querySelector('#table tbody button').focus()");
    browser.type(Browser.ENTER);
    browser.await("over the page", SOON, "document.querySelector('#panel').matches(':modal')");
    browser.screen(1440, 900);
    browser.await(
        "beside", SOON, "document.querySelector('#panel[open]')?.matches(':not(:modal)')");
    browser.screen(360, 780);
    browser.await("over again", SOON, "document.querySelector('#panel').matches(':modal')");
    browser.await("of the same room", SOON, "drawn('CO2').points >= 1");
    browser.type(ESCAPE);
    browser.await("it is closed", SOON, "!document.querySelector('#panel').open");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("shows what looks like a script as text, and survives what is no measurement")
  void hostile() {
    Spillway server = server().set("iaq.holdMs", 0).start();
    String image = "<img src=x onerror=window.hacked=1>";
    JsonObject record = written(image, "enseigne", "salle", "sensor_id", "unit", "\"><script>");
    JsonObject alert = written(image, "quantity", "level", "state", "value", "threshold", "since");
    alert.mergeIn(record).put("type", "alert").put("alert_id", image);
    JsonObject texts = new JsonObject().put("en", image + "advice").put("fr", image);
    JsonObject action = record.copy().put("type", "action").put("alert_id", image);
    JsonObject module = written(image, "state", "timestamp").mergeIn(record).put("type", "module");
    JsonObject ahead = written(image, "global_score", "for", "values", "low", "horizon_minutes");
    PlainSender.send(
        server,
        record.copy().put("co2", 1e300).put("global_score", "90").encode(),
        record.copy().put("co2", 900).put("timestamp", image).encode(),
        "{\"salle\":{},\"enseigne\":[1],\"global_score\":1e99,\"values\":[1],\"sensor_id\":null}",
        "{\"type\":\"prediction\",\"salle\":\"x\",\"values\":{\"CO2\":{}},\"low\":3,\"for\":-1e99}",
        "{\"type\":\"alert\",\"salle\":\"x\",\"since\":1e300,\"text\":null}",
        alert.encode(),
        module.encode(),
        ahead.mergeIn(record).put("type", "prediction").encode(),
        written(image, "type", "_topic").mergeIn(record).encode(),
        action.put("text", texts).encode());

    Browser browser = connected(server.httpUrl());
    browser.await("the room", SOON, "room('" + image + "salle')?.dataset.alerts == '1'");
    click(browser, "room('" + image + "salle')");
    browser.run("document.querySelector('#tabular summary').click()");
    browser.await("advice", SOON, "document.querySelector('#panel-alerts p')");
    browser.await("the chart", SOON, "drawn('CO2').points >= 1");
    assertThat(browser.text()).contains(image + "enseigne", image + "salle", image + "advice");
    assertThat(browser.run("return document.querySelectorAll('main img, main script').length"))
        .isEqualTo(0);
    assertThat(browser.run("return window.hacked")).isNull();
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName(
      "draws 200 rooms of a site and 50 sites, says how many more there are, and finds them")
  void bounded() {
    Spillway server = server().start();
    PlainSender.send(
        server,
        IntStream.range(0, 1_000)
            .mapToObj(n -> measured(n < 700 ? "Tower" : "Site " + n % 60, "Room " + n, 600, 0))
            .toArray(String[]::new));

    Browser browser = connected(server.httpUrl());
    browser.await("all", SOON, "document.querySelector('#rooms').innerText == '1,000'");
    browser.run("document.querySelector('#site').value = '=Tower'");
    browser.run("document.querySelector('#site').dispatchEvent(new Event('input',{bubbles:true}))");
    browser.await("200", SOON, "document.querySelectorAll('.room').length == 200");
    assertThat(browser.text()).contains("500 more rooms are not drawn");
    browser.screenshot("twin-tower");
    browser.run("document.querySelector('#site').value = '*'");
    find(browser, "");
    browser.await("sites", SOON, "document.querySelectorAll('.building').length == 50");
    assertThat(browser.text()).contains("11 more sites are not drawn");
    find(browser, "room 699");
    browser.await("one", SOON, "document.querySelectorAll('.room').length == 1");
    assertThat(browser.run("return Boolean(room('Room 699'))")).isEqualTo(true);
    find(browser, "nowhere");
    browser.await("none", SOON, "document.querySelectorAll('.room').length == 0");
    assertThat(browser.text()).contains("No room is like that.");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("goes on when the server was killed, and by polling while no WebSocket gets through")
  void reconnects() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().start();
    edge(broker, server);
    Nginx nginx = new Nginx(site, server.port()).start();
    Browser browser = connected("http://127.0.0.1:" + nginx.port());
    publish(broker, measured("Maison", "Bureau", 700, 0));
    browser.await("it", SOON, "room('Bureau')?.textContent.includes('700')");
    click(browser, "room('Bureau')");

    server.kill9();
    browser.await("it shows", SOON, "document.querySelector('#status').dataset.mode == 'offline'");
    publish(broker, measured("Maison", "Bureau", 710, -1));
    server.start();
    browser.await("what was meanwhile", SOON, "room('Bureau').textContent.includes('710')");
    browser.await("it is back", SOON, "wsManager.isConnected");
    nginx.blockWebSockets(true);
    browser.await("it polls", SOON, "wsManager.mode == 'polling'");
    publish(broker, measured("Maison", "Bureau", 720, -2));
    browser.await("by polling", SOON, "room('Bureau').textContent.includes('720')");
    browser.await("in the chart, too", SOON, "drawn('CO2').points == 3");
  }

  @Test
  @Proof
  @DisplayName("looks well in light, in dark and on a phone, in English and in French")
  void looks() {
    int mqtt = FreePort.next();
    Spillway demo = server();
    demo.set("iaq.topics", iaq())
        .set("broker.port", mqtt)
        .set("broker.webSocketPort", FreePort.next())
        .set("simulator", new JsonObject().put("stations", 1).put("rooms", 6).put("everyMs", 500))
        .set("edge.name", "demo")
        .set("edge.mqtt.url", "mqtt://127.0.0.1:" + mqtt)
        .set("edge.mqtt.topics", iaq())
        .set("edge.uplink.url", demo.wsUrl())
        .set("edge.uplink.token", Spillway.TOKEN)
        .start();
    PlainSender.send(demo, past("Maison", "Atelier"));
    PlainSender.send(demo, measured("Bureau", "Archives", 1_150, 1_200));
    PlainSender.send(demo, measured("Maison", "Cellier", 2_600, 0));
    Browser browser = connected(demo.httpUrl()).screen(1440, 900);
    browser.await("nine rooms", SOON, "document.querySelectorAll('.room').length == 9");
    browser.await("one is stale", SOON, "room('Archives').dataset.stale == 'true'");
    click(browser, "room('Atelier')");
    browser.await("the chart", SOON, "drawn('CO2').outlook");

    for (String scheme : List.of("light", "dark")) {
      browser.prefers(scheme).screen(1440, 900);
      browser.await("wide", SOON, "document.querySelectorAll('.building').length == 2");
      browser.screenshot("twin-" + scheme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
      browser.run("document.querySelector('#panel').close()");
      browser.screen(360, 780).screenshot("twin-phone-" + scheme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
      click(browser, "room('Atelier')");
      browser.await("the chart", SOON, "drawn('CO2').points > 1");
      browser.screenshot("twin-phone-panel-" + scheme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
    }
    browser.run("window.keys = null; import('./twin/texts.js').then(({TEXTS}) => keys = TEXTS)");
    browser.await("texts", SOON, "keys");
    assertThat(browser.run("return Object.keys(keys.fr).join()"))
        .isEqualTo(browser.run("return Object.keys(keys.en).join()"));
    browser.open(demo.httpUrl() + "/twin?lang=fr").run(FINDERS);
    browser.await("the rooms", SOON, "document.querySelectorAll('.room').length == 9");
    assertThat(browser.text()).contains("Jumeau numérique", "bon");
    assertThat(browser.console()).isEmpty();
  }

  /** A record with this text and the name of the member in each of these members. */
  private static JsonObject written(String text, String... members) {
    JsonObject record = new JsonObject();
    for (String member : members) {
      record.put(member, text + member);
    }
    return record;
  }

  private static int overflow(Browser browser) {
    String wider = "return document.documentElement.scrollWidth - window.innerWidth";
    return (Integer) browser.run(wider);
  }

  private static void find(Browser browser, String text) {
    browser.run(
        "const box = document.querySelector('#find'); box.value = '"
            + text
            + "'; box.dispatchEvent(new Event('input', {bubbles: true}))");
  }

  private static void click(Browser browser, String room) {
    browser.run(room + ".dispatchEvent(new MouseEvent('click', {bubbles: true}))");
  }

  private static JsonArray iaq() {
    return new JsonArray().add("iaq/#");
  }

  private static String measured(String enseigne, String salle, int co2, int secondsAgo) {
    return new JsonObject()
        .put("enseigne", enseigne)
        .put("salle", salle)
        .put("sensor_id", enseigne + "-" + salle)
        .put("timestamp", Instant.now().minusSeconds(secondsAgo).toString())
        .put("co2", co2)
        .encode();
  }

  /** A quarter of an hour, every twenty seconds, which ends above the first threshold of CO2. */
  private static String[] past(String enseigne, String salle) {
    return IntStream.range(0, 45)
        .mapToObj(n -> measured(enseigne, salle, 700 + 10 * n, 20 * (44 - n)))
        .toArray(String[]::new);
  }

  private void publish(Mosquitto broker, String record) {
    MosquittoClients.pub(site, broker, "iaq/room", record);
  }

  private void edge(Mosquitto broker, Spillway server) {
    Spillway.edge(site, broker, server).set("edge.mqtt.topics", iaq()).start();
    broker.awaitSubscriber("spillway-edge");
  }

  private Spillway server() {
    return Spillway.server(site).set("server.live.anonymous", true).set("iaq", new JsonObject());
  }

  private Browser connected(String url) {
    Browser browser = Browser.start(site).open(url + "/twin");
    browser.run(FINDERS);
    return browser.await("it is live", SOON, "window.wsManager && wsManager.isConnected");
  }
}
