package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Browser;
import io.spillway.kit.FakeEdge;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The page of the whole way in a real Chromium")
class PipelinePageIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LANE = "document.querySelector('.lane')";

  @RegisterExtension final Site site = new Site();
  private Spillway server;

  @BeforeEach
  void prepare() {
    server = Spillway.server(site).set("server.live.anonymous", true);
  }

  @Test
  @Proof
  @DisplayName("shows the edge, goes red with a cure when the broker is killed, and green again")
  void brokerKilled() {
    Mosquitto broker = site.mosquitto();
    server.start();
    Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber("spillway-edge");
    Publisher publisher = site.publisher(broker, "test/a").begin(50);
    Browser browser = opened("/pipeline?lang=en").prefers("light");
    browser.await("it is well", SOON, LANE + "?.dataset.state == 'ok'");
    browser.await("it flows", SOON, "parseFloat(document.querySelector('#rate').innerText) > 30");
    browser.screenshot("pipeline-light");
    browser.prefers("dark").screenshot("pipeline-dark");

    publisher.end();
    broker.proc().kill9();
    browser.await("it is red", SOON, LANE + ".dataset.state == 'failing'");
    browser.await("why", SOON, "document.querySelector('.trouble strong')?.checkVisibility()");
    browser.await("the cure", SOON, "document.body.innerText.includes('Is the broker running')");
    assertThat(browser.text()).contains("The broker does not answer", "edge.mqtt.url");
    assertThat(browser.run("return document.querySelector('#verdict').dataset.state"))
        .isEqualTo("failing");
    browser.screenshot("pipeline-broken-dark");
    browser.prefers("light").screenshot("pipeline-broken-light");
    browser.screen(390, 844).screenshot("pipeline-broken-phone");

    broker.start();
    browser.await("it is green", SOON, LANE + ".dataset.state == 'ok'");
    browser.await("it tells", SOON, "document.body.innerText.includes('Last fault')");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @DisplayName("says that the server does not answer, and goes on when it is back")
  void serverKilled() {
    server.start();
    Browser browser = opened("/pipeline?lang=en");
    browser.await("nobody is there", SOON, "document.body.innerText.includes('No edge')");
    server.kill9();
    browser.await("it tells", SOON, "document.body.innerText.includes('does not answer')");
    assertThat(browser.run("return document.querySelector('#picture').className"))
        .isEqualTo("picture stale");
    server.start();
    browser.await("it is back", SOON, "!document.querySelector('.stale')");
  }

  @Test
  @DisplayName("asks for a token, is operable by keyboard, and has the facts as a table, too")
  void keyboard() {
    JsonObject token = new JsonObject().put("name", "page").put("secret", "live-token-0123456789");
    server.set("server.live.anonymous", false);
    server.conf().getJsonObject("server").getJsonArray("tokens").add(token.put("role", "live"));
    server.start();
    FakeEdge.of(site, server, "attic").tell("<img src=x onerror=window.hacked=1>", 1_234);
    FakeEdge.of(site, server, "blank").tell("odd; ", 0);
    Browser browser = opened("/pipeline?lang=fr");
    browser.await("it asks", SOON, "document.querySelector('#token-form').checkVisibility()");
    assertThat(browser.text()).contains("Il faut un jeton");
    browser.type("live-token-0123456789" + Browser.ENTER); // the field has the focus
    browser.await("it is let in", SOON, LANE + "?.dataset.state == 'failing'");
    browser.run("document.querySelector('#facts summary').focus()");
    browser.type(Browser.ENTER);
    browser.await("the table", SOON, "document.querySelectorAll('#table tbody tr').length >= 6");
    assertThat(browser.text()).contains("<img src=x", "Tampon", "en panne", "1,23");
    assertThat(browser.run("return window.hacked")).isNull();
    assertThat(browser.run("return document.querySelectorAll('main img').length")).isEqualTo(0);
    browser.run(
        "import('./pipeline/texts.js').then(({ TEXTS }) => window.keys ="
            + " ['en', 'fr'].map((one) => Object.keys(TEXTS[one]).join()))");
    browser.await(
        "the same texts in both", SOON, "window.keys && window.keys[0] == window.keys[1]");
  }

  @Test
  @DisplayName("says that the ledger of an edge does not balance, though all links are well")
  void unbalanced() {
    server.start();
    FakeEdge.of(site, server, "attic").tell("", 0, 8, 5);
    FakeEdge.of(site, server, "cellar").tell("", 0, 5, 8);
    Browser browser = opened("/pipeline?lang=en");
    browser.await("both", SOON, "document.querySelector('#edges').innerText == '2'");
    browser.await(
        "it tells", SOON, "document.body.innerText.includes('does not balance. Edges: 2')");
    assertThat(browser.run("return document.querySelector('#verdict').dataset.state"))
        .isEqualTo("failing");
    assertThat(browser.text()).contains("3 missing", "3 too many").doesNotContain("none is lost");
  }

  @Test
  @DisplayName("shows many edges: the sick first, a way to the others, and to find one")
  void manyEdges() {
    server.start();
    for (int n = 0; n < 40; n++) {
      String fault = n == 17 ? "not authorised: the broker does not let this user in" : "";
      FakeEdge.of(site, server, "site-" + n).tell(fault, n == 20 ? 1_204_000 : 0);
    }
    Browser browser = opened("/pipeline?lang=fr").prefers("light");
    browser.await("40", SOON, "document.querySelector('#edges').innerText == '40'");
    assertThat(browser.run("return document.querySelectorAll('.lane').length")).isEqualTo(8);
    assertThat(browser.run("return document.querySelector('.lane h3').innerText"))
        .isEqualTo("site-17");
    browser.screenshot("pipeline-many");
    browser.run("document.querySelector('#more').click()");
    browser.await("more", SOON, "document.querySelectorAll('.lane').length == 32");
    browser.run(
        "const box = document.querySelector('#filter'); box.value = 'site-3';"
            + "box.dispatchEvent(new Event('input'))");
    browser.await(
        "site-3 and site-30 to site-39", SOON, "document.querySelectorAll('.lane').length == 11");
    assertThat(browser.text()).as("also of those not found").contains("En panne ailleurs : 1");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("looks well in the demo with everything: in light, in dark, wide and at 360 pixels")
  void looks() {
    Mosquitto broker = site.mosquitto();
    server
        .set("server.tokens", new JsonArray())
        .set("sinks.postgres.url", "postgresql://spillway@127.0.0.1:9/spillway")
        .set("sinks.postgres.password", "none")
        .set("iaq", new JsonObject())
        .set("edge.name", "attic")
        .set("edge.mqtt.url", broker.url())
        .set("edge.uplink.url", server.wsUrl())
        .start();
    broker.awaitSubscriber("spillway-attic");
    site.publisher(broker, "pws-packet/a").begin(120);
    Browser browser = opened("/pipeline?lang=en").prefers("light").screen(1440, 1000);
    browser.await("it is there", SOON, "document.querySelectorAll('.out').length == 3");
    browser.await("it flows", SOON, "parseFloat(document.querySelector('#rate').innerText) > 90");
    browser.await(
        "a fault",
        SOON,
        "[...document.querySelectorAll('.out .trouble')].some((one) => one.checkVisibility())");
    browser.screenshot("pipeline-wide-light");
    browser.prefers("dark").screenshot("pipeline-wide-dark");
    assertThat(overflow(browser)).isLessThanOrEqualTo(0);
    browser.screen(360, 2000);
    assertThat(overflow(browser)).isLessThanOrEqualTo(0);
    browser.screenshot("pipeline-360-dark");
    browser.prefers("light").screenshot("pipeline-360-light");
    assertThat(browser.console()).isEmpty();
  }

  private static int overflow(Browser browser) {
    return (Integer) browser.run("return document.documentElement.scrollWidth - window.innerWidth");
  }

  private Browser opened(String path) {
    return Browser.start(site).open(server.httpUrl() + path);
  }
}
