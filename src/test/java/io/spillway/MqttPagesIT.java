package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Browser;
import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Vote, results and chat in a real Chromium")
class MqttPagesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String LIVE_TOKEN = "live-token-0123456789";
  private static final String LIVE =
      "document.querySelector('#status').dataset.mode == 'websocket'";
  private static final String COUNTED =
      "document.querySelector('#said').dataset.state == 'counted'";
  private static final String IMAGE = "<img src=x onerror=window.hacked=1>";

  @RegisterExtension final Site site = new Site();

  // --- vote and results

  @Test
  @DisplayName(
      "count a vote of one browser in another, and one of mosquitto_pub, and no unknown one")
  void vote() {
    Mosquitto broker = site.mosquitto();
    MosquittoClients.pub(site, broker, "test/phone", "MAT1600", "-r");
    Spillway server = server(broker).start();
    Browser results = opened(server, "results");
    Browser voter = opened(server, "vote");

    voter.run("document.querySelectorAll('.candidate')[1].click()");
    voter.await("the handshake is complete", SOON, COUNTED);
    assertThat(voter.text()).contains("Counted by the broker: MAT1400");
    awaitCounts(results, 0, 1, 0, 0);
    voter.run("document.querySelectorAll('.candidate')[2].click()"); // one in each browser
    MosquittoClients.pub(site, broker, "test/phone", "IFT1215");
    MosquittoClients.pub(site, broker, "test/phone", "MAT1400\n");
    for (String unknown : List.of(IMAGE, "mat1400", "__proto__", "x".repeat(5_000))) {
      MosquittoClients.pub(site, broker, "test/phone", unknown);
    }
    results.await(
        "four unknown",
        SOON,
        "document.querySelector('#unknown').innerText == '4 for nobody on the list'");

    awaitCounts(results, 1, 2, 0, 0);
    assertThat(results.text()).contains("33%", "67%", "3 votes");
    voter.open(server.httpUrl() + "/vote");
    voter.await("it remembers", SOON, COUNTED + " && " + LIVE);
    assertThat(results.run("return window.hacked")).isNull();
    assertThat(voter.console()).isEmpty();
    assertThat(results.console()).isEmpty();
  }

  @Proof
  @Test
  @DisplayName("count what was voted while the results were closed once, also after a reload")
  void resultsAway() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Browser results = opened(server, "results");
    MosquittoClients.pub(site, broker, "test/phone", "IFT1065", "-q", "2");
    awaitCounts(results, 0, 0, 1, 0);

    results.open("about:blank");
    for (int n = 0; n < 30; n++) {
      MosquittoClients.pub(site, broker, "test/phone", "IFT1215", "-q", "2");
    }
    results.open(server.httpUrl() + "/results");
    awaitCounts(results, 30, 0, 1, 0);
    results.open(server.httpUrl() + "/results");
    results.await("it is live", SOON, LIVE);
    MosquittoClients.pub(site, broker, "test/phone", "MAT1600", "-q", "2");
    awaitCounts(results, 30, 0, 1, 1);

    results.run("document.querySelector('#reset').click()");
    results.run("document.querySelector('dialog [value=no]').click()");
    awaitCounts(results, 30, 0, 1, 1);
    results.run("document.querySelector('#reset').click()");
    assertThat(results.text()).contains("Forget 32 votes");
    results.run("document.querySelector('dialog [value=yes]').click()");
    awaitCounts(results, 0, 0, 0, 0);
    assertThat(results.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("lose no vote and count none twice when the broker is killed")
  void brokerKilled() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).set("server.pages.vote.oncePerBrowser", false).start();
    Browser results = opened(server, "results");
    Browser voter = opened(server, "vote");
    voter.run("document.querySelectorAll('.candidate')[0].click()");
    voter.await("it is counted", SOON, COUNTED);
    awaitCounts(results, 1, 0, 0, 0);

    broker.proc().kill9();
    voter.await("it is noticed", SOON, "!(" + LIVE + ")");
    voter.run("for (const i of [0, 3, 3]) document.querySelectorAll('.candidate')[i].click()");
    assertThat(voter.text()).contains("kept in this browser", "3 waiting");
    voter.screenshot("vote-offline");
    voter.open(server.httpUrl() + "/vote"); // what is kept survives that
    voter.await(
        "they are still there",
        SOON,
        "document.querySelector('#said').innerText.includes('3 waiting')");
    broker.start();

    voter.await("they are counted", SOON, COUNTED);
    awaitCounts(results, 2, 0, 0, 2);
  }

  @Test
  @DisplayName("carry a vote made while the server was away to the broker once")
  void serverKilled() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Proc heard = MosquittoClients.sub(site, broker, "test/phone");
    Browser results = opened(server, "results");
    Browser voter = opened(server, "vote");

    server.kill9();
    voter.await("it is noticed", SOON, "!(" + LIVE + ")");
    voter.run("document.querySelectorAll('.candidate')[2].click()");
    assertThat(voter.text()).contains("kept in this browser");
    MosquittoClients.pub(site, broker, "test/phone", "MAT1600", "-q", "2");
    server.start();

    voter.await("it is counted", SOON, COUNTED);
    awaitCounts(results, 0, 0, 1, 1);
    MosquittoClients.pub(site, broker, "test/phone", "end");
    heard.awaitLine("test/phone end", SOON);
    assertThat(heard.lines().stream().filter(line -> line.equals("test/phone IFT1065"))).hasSize(1);
  }

  @Test
  @Proof
  @DisplayName("work with the broker of the demo, by keyboard alone, and in French")
  void demoBroker() {
    int mqtt = FreePort.next();
    Spillway demo =
        Spillway.server(site)
            .set("server.live.anonymous", true)
            .set("broker.port", mqtt)
            .set("broker.webSocketPort", FreePort.next())
            .set("server.mqtt", gateway("mqtt://127.0.0.1:" + mqtt))
            .set("server.pages.vote.title", "Ça va ?")
            .set("server.pages.vote.candidates", new JsonArray().add("Oui").add("Non"))
            .start();
    Browser results = opened(demo, "results?lang=fr");
    Browser voter = opened(demo, "vote?lang=fr");

    voter.run("document.querySelector('main').focus()");
    voter.type(Browser.TAB + Browser.TAB + Browser.ENTER);
    voter.await("it is counted", SOON, COUNTED);
    assertThat(voter.text()).contains("Compté par le courtier : Non");
    awaitCounts(results, 0, 1);
    assertThat(results.text()).contains("Ça va ?");
    results.open("about:blank");
    Browser second = opened(demo, "vote");
    second.run("document.querySelector('.candidate').click()");
    second.await("it is counted", SOON, COUNTED);
    results.open(demo.httpUrl() + "/results");
    awaitCounts(results, 1, 1);

    Browser alice = opened(demo, "chat");
    alice.run("document.querySelector('#name').focus()");
    alice.type("alice" + Browser.TAB + Browser.TAB + "bonjour" + Browser.ENTER);
    alice.await("the tick", SOON, "document.querySelector('.tick.there')");
    second.open(demo.httpUrl() + "/chat");
    second.await(
        "her last word", SOON, "document.querySelector('#people').innerText.includes('bonjour')");
    assertThat(alice.console()).isEmpty();
    assertThat(voter.console()).isEmpty();
  }

  @Proof
  @Test
  @DisplayName("go on in the window opened last, where the broker and the browser share a session")
  void twoWindows() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Browser results = opened(server, "results");

    results.run("window.open('results')"); // the first one stays the one that is steered
    results.await("it steps aside", SOON, "document.querySelector('.stopped')");
    assertThat(results.text()).contains("opened in another tab");
    MosquittoClients.pub(site, broker, "test/phone", "IFT1215");
    results.run("document.querySelector('.stopped button').click()");
    results.await("it goes on here", SOON, LIVE);
    awaitCounts(results, 1, 0, 0, 0);
  }

  // --- chat

  @Test
  @DisplayName("let two browsers, mosquitto_pub and mosquitto_sub talk, and tell who comes late")
  void chat() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Proc heard = MosquittoClients.sub(site, broker, "chat/#");
    MosquittoClients.pub(site, broker, "chat/zoé", "déjà là", "-r");
    Browser alice = opened(server, "chat");
    alice.await(
        "the retained word",
        SOON,
        "document.querySelector('#people').innerText.includes('déjà là')");
    Browser bob = opened(server, "chat");

    say(alice, "alice", "bonjour " + IMAGE);
    alice.await("the tick", SOON, "document.querySelector('.tick.there')");
    bob.await(
        "bob hears it", SOON, "document.querySelector('#talk').innerText.includes('bonjour')");
    say(bob, "<b>bob<b>", "salut\nà toi");
    alice.await(
        "alice hears him", SOON, "document.querySelector('#talk').innerText.includes('salut')");
    MosquittoClients.pub(site, broker, "chat/term", IMAGE, "-r");
    MosquittoClients.pub(site, broker, "chat/a/b", "not of this chat", "-r");
    alice.await(
        "the terminal", SOON, "document.querySelector('#people').innerText.includes('term')");
    heard.awaitLine("chat/alice bonjour <img", SOON);
    heard.awaitLine("chat/<b>bob<b> salut", SOON);

    alice.await("three lines", SOON, "document.querySelectorAll('#talk li').length == 3");
    assertThat(alice.text()).contains(IMAGE, "<b>bob<b>").doesNotContain("not of this chat");
    for (String page : List.of("alice", "<b>bob<b>", "term", "zoé")) {
      assertThat(bob.text()).contains(page);
    }
    Browser late = opened(server, "chat");
    late.await("all four", SOON, "document.querySelectorAll('#people li').length == 4");
    alice.run("document.querySelector('#clear').click()");
    late.await("she took it back", SOON, "document.querySelectorAll('#people li').length == 3");
    late.await("it is told of that", SOON, "document.querySelectorAll('#talk li').length == 1");
    for (Browser browser : List.of(alice, bob, late)) {
      assertThat(browser.run("return window.hacked")).isNull();
      assertThat(browser.run("return document.querySelectorAll('main img, main li b b').length"))
          .isEqualTo(0);
      assertThat(browser.console()).isEmpty();
    }
  }

  @Test
  @Proof
  @DisplayName("say what is wrong with a name or a message, and send it when the server is back")
  void chatTrouble() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Proc heard = MosquittoClients.sub(site, broker, "chat/#");
    Browser browser = opened(server, "chat");

    for (String name : List.of("a/b", "a+", "#", "\u202Eabc", "n".repeat(41), "")) {
      say(browser, name, "x");
      browser.await(
          "it is told of " + name,
          SOON,
          "document.querySelector('#problem').innerText.length > 10");
      assertThat(browser.run("return document.activeElement.id")).isEqualTo("name");
      browser.run("document.querySelector('#problem').textContent = ''");
    }
    say(browser, "ann", "x".repeat(2_001));
    assertThat(browser.text()).contains("at most 2,000 characters; this one has 2,001");
    assertThat(browser.run("return document.querySelectorAll('#talk li').length")).isEqualTo(0);

    server.kill9();
    browser.await("it is noticed", SOON, "!(" + LIVE + ")");
    say(browser, "ann", "later");
    server.start();
    browser.await("the tick", SOON, "document.querySelector('.tick.there')");
    assertThat(browser.run("return document.querySelectorAll('#talk li').length")).isEqualTo(1);
    heard.awaitLine("chat/ann later", SOON);
    browser.open(server.httpUrl() + "/chat");
    assertThat(browser.run("return document.querySelector('#name').value")).isEqualTo("ann");
  }

  // --- who may

  @Test
  @DisplayName(
      "ask for a token where one is needed, and keep it out of the address and of the disk")
  void token() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).set("server.mqtt.anonymous", false);
    JsonObject live = new JsonObject().put("name", "page").put("role", "live");
    server
        .conf()
        .getJsonObject("server")
        .getJsonArray("tokens")
        .add(live.put("secret", LIVE_TOKEN));
    server.start();
    Browser browser = Browser.start(site).open(server.httpUrl() + "/vote");

    browser.await("it is asked for", SOON, "!document.querySelector('#token-form').hidden");
    assertThat(browser.text()).contains("token of role live");
    give(browser, "wrong-token-0123456789");
    browser.await(
        "it is refused",
        SOON,
        "document.querySelector('#notice').innerText.includes('wrong token')");
    browser.console(); // Chromium says that a request was answered with 401
    give(browser, LIVE_TOKEN);
    browser.await("it is let in", SOON, LIVE);
    browser.run("document.querySelector('.candidate').click()");
    browser.await("it is counted", SOON, COUNTED);
    browser.open(server.httpUrl() + "/results?token=" + LIVE_TOKEN);
    browser.await("a link brings it, too", SOON, LIVE);

    assertThat(browser.run("return location.href")).isEqualTo(server.httpUrl() + "/results");
    assertThat((String) browser.run("return JSON.stringify(localStorage)"))
        .doesNotContain(LIVE_TOKEN);
    assertThat(browser.console()).isEmpty();
    assertThat(server.proc().output()).doesNotContain(LIVE_TOKEN);
  }

  @Test
  @Proof
  @DisplayName("name the key to set where the gateway is off or does not allow the topic")
  void off() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).set("server.live.anonymous", true).start();
    Browser browser = Browser.start(site);

    for (String page : List.of("vote", "results", "chat")) {
      browser.open(server.httpUrl() + "/" + page);
      browser.await("it is explained", SOON, "document.querySelector('.stopped')");
      assertThat(browser.text()).contains("server.mqtt.url", "server.pages.mqttUrl");
      assertThat(browser.run("return document.querySelector('#status').dataset.mode"))
          .isEqualTo("off");
    }
    browser.screenshot("mqtt-off");
    assertThat(browser.console()).isEmpty();

    server.terminate();
    server.set("server.mqtt", gateway(broker.url()));
    server.set("server.mqtt.publish", new JsonArray().add("chat/#"));
    server.set("server.mqtt.subscribe", new JsonArray().add("test/#")).start();
    browser.open(server.httpUrl() + "/vote");
    browser.await("it is explained", SOON, "document.querySelector('.stopped')");
    assertThat(browser.text()).contains("publish to test/phone", "server.mqtt.publish");
    browser.open(server.httpUrl() + "/chat");
    browser.await("it is explained", SOON, "document.querySelector('.stopped')");
    assertThat(browser.text()).contains("subscribe to chat/+", "server.mqtt.subscribe");
    browser.open(server.httpUrl() + "/results");
    browser.await("that is allowed", SOON, LIVE);
  }

  @Test
  @DisplayName("connect straight to the broker that is configured, and to no other")
  void direct() {
    int webSockets = FreePort.next();
    int other = FreePort.next();
    Mosquitto broker = new Mosquitto(site, "mosquitto");
    for (int port : new int[] {webSockets, other}) {
      broker.line("listener " + port + " 127.0.0.1").line("protocol websockets");
      broker.line("allow_anonymous true");
    }
    broker.start();
    Spillway server =
        Spillway.server(site)
            .set("server.live.anonymous", true)
            .set("server.pages.mqttUrl", "ws://127.0.0.1:" + webSockets)
            .start();
    Browser results = opened(server, "results");
    Browser voter = opened(server, "vote");

    voter.run("document.querySelector('.candidate').click()");
    voter.await("it is counted", SOON, COUNTED);
    awaitCounts(results, 1, 0, 0, 0);
    assertThat(voter.console()).isEmpty();
    voter.run(
        "document.addEventListener('securitypolicyviolation', (event) => window.blocked ="
            + " event.effectiveDirective); new WebSocket('ws://127.0.0.1:"
            + other
            + "', 'mqtt')");
    voter.await("another is blocked", SOON, "window.blocked == 'connect-src'");
  }

  // --- how they look

  @Test
  @Proof
  @DisplayName(
      "look well in light, in dark, on a phone and on a projector, and have all texts in French")
  void looks() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).set("server.pages.vote.oncePerBrowser", false).start();
    Browser browser = opened(server, "results").prefers("light").screen(1440, 900);
    List<String> votes = List.of("IFT1215", "MAT1400", "IFT1065", "MAT1600", "other");
    for (int n = 0; n < 30; n++) {
      MosquittoClients.pub(site, broker, "test/phone", votes.get(Math.min(4, n % 7 * n % 5)));
    }
    for (String name : List.of("Inès", "Bao", "Kofi")) {
      MosquittoClients.pub(site, broker, "chat/" + name, "Salut, ici " + name + " 👋", "-r");
    }
    browser.await("all", SOON, "parseInt(document.querySelector('#total').innerText) > 20");

    for (String page : List.of("results", "vote", "chat")) {
      browser.open(server.httpUrl() + "/" + page + "?lang=en");
      browser.await("it is live", SOON, LIVE);
      if (page.equals("vote")) {
        browser.run("document.querySelector('.candidate').click()");
        browser.await("it is counted", SOON, COUNTED);
      }
      if (page.equals("chat")) {
        browser.await("all", SOON, "document.querySelectorAll('#people li').length == 3");
        say(browser, "Léa", "Coucou les amis !\nOn vote où ?");
        MosquittoClients.pub(
            site, broker, "chat/Bao", "Sur /vote, et les résultats sont sur /results", "-r");
        browser.await("both", SOON, "document.querySelectorAll('#talk li').length == 2");
      }
      for (String scheme : List.of("light", "dark")) {
        browser.prefers(scheme).screen(1440, 900).screenshot(page + "-" + scheme);
        assertThat(overflow(browser)).isLessThanOrEqualTo(0);
        browser.screen(360, 780).screenshot(page + "-phone-" + scheme);
        assertThat(overflow(browser)).isLessThanOrEqualTo(0);
      }
      browser.screen(1440, 900);
      assertSameKeys(browser, "./" + page + "/texts.js", "TEXTS");
      assertSameKeys(browser, "./page/mqtt-texts.js", "MQTT");
      browser.open(server.httpUrl() + "/" + page + "?lang=fr");
      browser.await("it is live", SOON, LIVE);
      assertThat(browser.run("return document.documentElement.lang")).isEqualTo("fr");
      browser.prefers("light").screen(360, 780).screenshot(page + "-phone-fr");
      assertThat(overflow(browser)).isLessThanOrEqualTo(0);
      browser.screen(1440, 900);
    }
    assertThat(browser.console()).isEmpty();
  }

  private static void assertSameKeys(Browser browser, String module, String name) {
    browser.run(
        "window.keys = null; import('"
            + module
            + "').then((texts) => window.keys = ['en', 'fr'].map((one) => Object.keys(texts."
            + name
            + "[one]).join()))");
    browser.await("the texts", SOON, "window.keys");
    JsonArray keys = (JsonArray) browser.run("return window.keys");
    assertThat(keys.getString(0)).isEqualTo(keys.getString(1));
  }

  // --- what the tests are made of

  private Spillway server(Mosquitto broker) {
    return Spillway.server(site)
        .set("server.live.anonymous", true)
        .set("server.mqtt", gateway(broker.url()));
  }

  private static JsonObject gateway(String url) {
    return new JsonObject()
        .put("url", url)
        .put("anonymous", true)
        .put("publish", new JsonArray().add("test/phone").add("chat/#"));
  }

  private Browser opened(Spillway server, String page) {
    Browser browser = Browser.start(site).open(server.httpUrl() + "/" + page);
    return browser.await("it is live", SOON, LIVE);
  }

  private static void awaitCounts(Browser results, int... counts) {
    String shown = "[...document.querySelectorAll('.count')].map((one) => one.innerText).join()";
    StringBuilder wanted = new StringBuilder();
    for (int count : counts) {
      wanted.append(wanted.isEmpty() ? "" : ",").append(count);
    }
    results.await("the count", SOON, shown + " == '" + wanted + "'");
  }

  private static void say(Browser browser, String name, String text) {
    browser.run(
        "document.querySelector('#name').value = "
            + quoted(name)
            + "; document.querySelector('#text').value = "
            + quoted(text)
            + "; document.querySelector('#send').click()");
  }

  private static String quoted(String text) {
    return new JsonArray().add(text).encode().replaceAll("^\\[|]$", "");
  }

  private static void give(Browser browser, String token) {
    browser.run(
        "document.querySelector('#token').value = '"
            + token
            + "'; document.querySelector('#token-form button').click()");
  }

  private static int overflow(Browser browser) {
    String wider = "return document.documentElement.scrollWidth - window.innerWidth";
    return (Integer) browser.run(wider);
  }
}
