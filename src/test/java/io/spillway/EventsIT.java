package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.spillway.kit.Browser;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Nginx;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Proof;
import io.spillway.kit.Rabbit;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The page of events in a real Chromium")
class EventsIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String ROWS = "document.querySelectorAll('#list li').length";
  private static final String TOASTS = "document.querySelectorAll('.toast').length";

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("shows an event of RabbitMQ as a toast and in the list")
  void rabbit() throws Exception {
    Rabbit rabbit = new Rabbit(site).start();
    Spillway server = server().set("rabbitmq.url", rabbit.url()).start();
    server.proc().awaitLine("\\[rabbit\\] consuming", SOON);
    Browser browser = connected(server.httpUrl());

    try (Connection connection = rabbit.connect("/");
        Channel channel = connection.createChannel()) {
      byte[] body = tour(3).getBytes(StandardCharsets.UTF_8);
      channel.basicPublish("tour_booking_events", "tour.availability.low", null, body);
    }
    browser.await("a toast", SOON, TOASTS + " == 1");
    browser.await("a row", SOON, ROWS + " == 1");
    assertThat((String) browser.run("return document.querySelector('.toast').innerText"))
        .contains("tour.availability.low", "Randonnée Montagne: 3 of 15 seats left");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("shows what was before it was opened, by kind and type, and the data of one")
  void listed() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server().set("iaq.holdMs", 0).start();
    Spillway.edge(site, broker, server)
        .set("edge.mqtt.topics", new JsonArray().add("tour/#").add("iaq/#"))
        .start();
    broker.awaitSubscriber("spillway-edge");
    Browser browser = connected(server.httpUrl());
    browser.await("what to publish", SOON, "!document.querySelector('#empty').hidden");
    String hint = (String) browser.run("return document.querySelector('#empty pre').innerText");
    browser.open("about:blank");

    MosquittoClients.pub(site, broker, hint.split(" ", -1)[4], hint.split("'", -1)[1]);
    String room = "{\"salle\":\"Bureau\",\"sensor_id\":\"b1\",\"co2\":2500}";
    MosquittoClients.pub(site, broker, "iaq/bureau", room);
    server.stored().await("what to do", line -> line.contains("\"action\":\"ventilate\""));
    open(browser, server.httpUrl());
    browser.await("event, module, alert, action", SOON, ROWS + " == 4");
    assertThat(browser.run("return " + TOASTS)).as("for what is over").isEqualTo(0);
    assertThat(browser.text()).contains("Randonnée Montagne", "CO2 2,500 ppm", "Ventilate");

    browser.run("document.querySelector('#list li[data-kind=events] summary').focus()");
    browser.type(Browser.ENTER);
    browser.await("its data", SOON, "document.querySelector('#list pre')");
    assertThat(browser.text()).contains("\"maxGroupSize\": 15");
    browser.run("document.querySelector('#kinds [data-kind=alerts]').click()");
    browser.await("without alerts", SOON, ROWS + " == 3");
    browser.run("document.querySelector('#type').value = '=tour.availability.low'");
    browser.run("document.querySelector('#type').dispatchEvent(new Event('change'))");
    browser.await("of one type", SOON, ROWS + " == 1");
    assertThat(browser.text()).contains("tour.availability.low (1)", "1 of 4");
    assertThat(browser.run("return Notification.permission")).isNotEqualTo("granted");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("counts a flood in one toast, keeps 500 rows, and never takes the focus")
  void flood() {
    Spillway server = server().start();
    Browser browser = connected(server.httpUrl());
    browser.run("document.querySelector('#type').focus()");
    PlainSender.send(
        server,
        IntStream.range(0, 1_200)
            .mapToObj(n -> "{\"type\":\"type-" + n % 6 + "\",\"data\":{\"n\":" + n + "}}")
            .toArray(String[]::new));

    browser.await("the last", SOON, "document.querySelector('#list')?.innerText.includes('1199')");
    assertThat(browser.run("return " + ROWS)).isEqualTo(500);
    assertThat((Integer) browser.run("return " + TOASTS)).isBetween(1, 4);
    assertThat((String) browser.run("return document.querySelector('#toasts').innerText"))
        .containsPattern("× \\d+");
    assertThat(browser.text()).contains("type-0 (200)");
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("type");
    browser.await(
        "it is said", SOON, "document.querySelector('#voice').textContent.includes('more')");
    browser.run("document.querySelector('.toast .close').focus()");
    browser.run("window.held = " + TOASTS);
    browser.type(Browser.ENTER);
    browser.await("one is dismissed", SOON, TOASTS + " < held");
    browser.await("the others go by themselves", SOON, TOASTS + " == 0");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("shows what looks like a script as text, and survives events of any shape")
  void hostile() {
    Spillway server = server().start();
    String image = "<img src=x onerror=window.hacked=1>";
    Browser browser = connected(server.httpUrl());
    JsonObject data = new JsonObject().put("tourTitle", image).put("availableSeats", 1);
    JsonObject room = written(image, "enseigne", "salle", "sensor_id", "state", "timestamp");
    JsonObject alert = written(image, "quantity", "level", "unit", "since", "alert_id");
    JsonObject texts = new JsonObject().put("en", image + "advice").put("fr", image);
    JsonObject advice = written(image, "action").put("text", texts).mergeIn(room);
    PlainSender.send(
        server,
        new JsonObject().put("type", image).put("data", data).put("timestamp", image).encode(),
        alert.mergeIn(room).put("type", "alert").put("value", 1).encode(),
        advice.put("type", "action").encode(),
        room.copy().put("type", "module").encode(),
        "{\"type\":\"action\",\"text\":[1],\"action\":{\"a\":1}}",
        "{\"type\":\"module\",\"state\":3,\"timestamp\":1e300}",
        "{\"type\":\"a\",\"data\":[[[]]],\"timestamp\":-1e15}",
        "{\"type\":\"b\",\"data\":null,\"" + image + "\":\"" + image + "\"}",
        "{\"type\":\"" + "x".repeat(5_000) + "\",\"data\":\"" + "y".repeat(50_000) + "\"}");

    browser.await("all", SOON, ROWS + " == 9");
    browser.await("toasts", SOON, TOASTS + " > 0");
    browser.run("document.querySelectorAll('#list summary').forEach((one) => one.click())");
    browser.await("open", SOON, "document.querySelectorAll('#list pre').length == 9");
    assertThat(browser.text()).contains(image, image + "salle", image + "advice", image + "state");
    assertThat(
            browser.run(
                "return document.querySelectorAll('main img, main script, .toasts img').length"))
        .isEqualTo(0);
    assertThat(browser.run("return window.hacked")).isNull();
    assertThat(overflow(browser.screen(360, 780))).isLessThanOrEqualTo(0);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("misses nothing when the server was killed, or while no WebSocket gets through")
  void reconnects() {
    Spillway server = server().start();
    Nginx nginx = new Nginx(site, server.port()).start();
    Browser browser = connected("http://127.0.0.1:" + nginx.port());
    PlainSender.send(server, tour(11));
    browser.await("one", SOON, ROWS + " == 1");

    server.kill9();
    browser.await("it shows", SOON, "document.querySelector('#status').dataset.mode == 'offline'");
    server.start();
    PlainSender.send(server, tour(12));
    browser.await("two", SOON, ROWS + " == 2");
    browser.await("it is back", SOON, "wsManager.isConnected");
    nginx.blockWebSockets(true);
    browser.await("it polls", SOON, "wsManager.mode == 'polling'");
    PlainSender.send(server, tour(13));
    browser.await("three", SOON, ROWS + " == 3");
    assertThat((String) browser.run("return document.querySelector('#list').innerText"))
        .containsSubsequence("13 of 15", "12 of 15", "11 of 15");
  }

  @Test
  @DisplayName("looks well in light, in dark and on a phone, in English and in French")
  void looks() {
    Spillway server = server().set("iaq.holdMs", 0).start();
    PlainSender.send(server, "{\"salle\":\"Bureau\",\"sensor_id\":\"b1\",\"co2\":2500}", tour(7));
    server.stored().await("what to do", line -> line.contains("\"action\":\"ventilate\""));
    Browser browser = connected(server.httpUrl()).screen(1440, 900);
    browser.await("the past", SOON, ROWS + " == 4");
    browser.type(Browser.TAB);
    PlainSender.send(server, tour(2));
    browser.await("a toast", SOON, TOASTS + " == 1");
    browser.run("document.querySelector('.toast .close').focus()"); // it stays
    browser.await("it is all there", SOON, "document.getAnimations().length == 0");
    for (String scheme : List.of("light", "dark")) {
      browser.prefers(scheme).screen(1440, 900).screenshot("events-" + scheme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
      browser.screen(360, 780).screenshot("events-phone-" + scheme);
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
    }
    browser.run("window.keys = null; import('./events/texts.js').then(({TEXTS}) => keys = TEXTS)");
    browser.await("texts", SOON, "keys");
    assertThat(browser.run("return Object.keys(keys.fr).join()"))
        .isEqualTo(browser.run("return Object.keys(keys.en).join()"));
    browser.open(server.httpUrl() + "/events?lang=fr");
    browser.await("the past", SOON, ROWS + " == 5");
    assertThat(browser.text()).contains("Événements", "places libres : 2 sur 15");
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

  private static String tour(int seats) {
    JsonObject data =
        new JsonObject()
            .put("tourId", "7c9e6679")
            .put("tourTitle", "Randonnée Montagne")
            .put("availableSeats", seats)
            .put("maxGroupSize", 15);
    return new JsonObject()
        .put("type", "tour.availability.low")
        .put("data", data)
        .put("timestamp", Instant.now().toString())
        .encode();
  }

  private Spillway server() {
    return Spillway.server(site).set("server.live.anonymous", true).set("iaq", new JsonObject());
  }

  private Browser connected(String url) {
    return open(Browser.start(site), url);
  }

  private static Browser open(Browser browser, String url) {
    browser.open(url + "/events");
    return browser.await("it is live", SOON, "window.wsManager && wsManager.isConnected");
  }
}
