package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
import io.spillway.kit.Nginx;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Who gets in")
class AccessIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LIVE_TOKEN = "a-token-for-screens";
  private static final String SECOND_TOKEN = "second-token-0123456789";
  private static final String FORWARDED = "X-Forwarded-For";

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("is limited per address behind nginx, by the address that nginx forwards")
  void perAddressBehindProxy() {
    Spillway server =
        Spillway.server(site)
            .set("server.trustedProxies", new JsonArray().add("127.0.0.1"))
            .set("server.limits", new JsonObject().put("connectionsPerIp", 2))
            .start();
    String url = ws(new Nginx(site, server.port()).start().port());
    // To the server nginx, on 127.0.0.1, is one trusted proxy, and its client here another one.
    Proc first = stay(url, "-H", FORWARDED + ": 203.0.113.7");
    stay(url, "-H", FORWARDED + ": 203.0.113.7");
    awaitConnections(server, 2);

    assertThat(Http.upgrade(url, FORWARDED, "203.0.113.7")).isEqualTo(429);
    assertThat(Http.upgrade(url, FORWARDED, "198.51.100.1, 203.0.113.7"))
        .as("with an invented address before its own")
        .isEqualTo(429);
    assertThat(Http.upgrade(url, FORWARDED, "203.0.113.8")).isEqualTo(101);
    assertThat(Http.upgrade(ws(server.port()))).as("on this machine").isEqualTo(101);
    first.kill9();
    Await.until(
        "there is room again", SOON, () -> Http.upgrade(url, FORWARDED, "203.0.113.7") == 101);
    assertThat(metrics(server)).contains("spillway_connections_refused_total{reason=\"address\"}");
  }

  @Test
  @DisplayName("does not depend on X-Forwarded-For where no proxy is trusted")
  void spoofed() {
    Spillway server =
        Spillway.server(site)
            .set("server.limits", new JsonObject().put("connectionsPerIp", 1))
            .start();
    stay(ws(server.port()), "-H", FORWARDED + ": 203.0.113.7");
    awaitConnections(server, 1);

    assertThat(Http.upgrade(ws(server.port()), FORWARDED, "203.0.113.7")).isEqualTo(101);
  }

  @Test
  @DisplayName("is no page of another origin on a server without a token, but everything else")
  void foreignPage() {
    Spillway server = Spillway.server(site).set("server.tokens", new JsonArray()).start();
    String url = server.wsUrl();

    assertThat(Http.closed(url, "{\"evil\":1}", "Origin", "http://evil.example"))
        .isEqualTo("1008 origin not allowed");
    Proc own = wscat(url, "-o", server.httpUrl(), "-x", "{\"own\":1}", "-w", "1");
    server.stored().await("what the own page sent", line -> line.startsWith("{\"own\":1,"));
    Proc none = wscat(url, "-x", "{\"none\":1}", "-w", "1");
    server.stored().await("what a program sent", line -> line.startsWith("{\"none\":1,"));

    assertThat(server.stored().sentLines()).containsExactly("{\"own\":1}", "{\"none\":1}");
    assertThat(List.of(own.awaitExit(SOON), none.awaitExit(SOON))).containsOnly(0);
    assertThat(metrics(server)).contains("spillway_connections_refused_total{reason=\"origin\"}");
    assertThat(server.proc().output()).contains("a page of another origin");
    assertThat(Http.upgrade(url + "?token=unknown")).as("an unknown token").isEqualTo(401);
  }

  @Test
  @DisplayName("is no page of another origin that wants to watch, unless it is named")
  void foreignPageWatching() {
    Spillway server =
        Spillway.server(site)
            .set("server.live.anonymous", true)
            .set("server.live.allowedOrigins", new JsonArray().add("https://friend.example"))
            .set("server.limits", new JsonObject().put("connections", 1))
            .start();
    assertThat(Http.closed(server.wsUrl(), "{}", "Origin", "http://evil.example"))
        .isEqualTo("1008 origin not allowed");
    awaitConnections(server, 0);
    stay(server.wsUrl(), "-o", "https://friend.example");
    awaitConnections(server, 1);

    assertThat(Http.upgrade(ws(server.port()))).as("one limit for all kinds").isEqualTo(503);
    assertThat(Http.upgrade(server.httpUrl().replace("http", "ws") + "/elsewhere")).isEqualTo(404);
  }

  @Test
  @DisplayName("is a page of another origin that has a token")
  void foreignPageWithToken() {
    Spillway server = Spillway.server(site).start();
    Proc page =
        wscat(
            server.wsUrl() + "?token=" + Spillway.TOKEN,
            "-o",
            "http://elsewhere.example",
            "-x",
            "{\"n\":1}",
            "-w",
            "1");
    server.stored().await("what it sent", line -> line.startsWith("{\"n\":1,"));
    assertThat(page.awaitExit(SOON)).isZero();
  }

  @Test
  @DisplayName("gets out with 1008 when its token is taken away, and nobody else does")
  void revoked() {
    JsonObject screens = token("screens", LIVE_TOKEN).put("role", "live");
    JsonArray tokens = new JsonArray().add(token("edges", Spillway.TOKEN)).add(screens);
    JsonArray without = new JsonArray().add(token("other", SECOND_TOKEN));
    Spillway server =
        Spillway.server(site).set("server.tokens", tokens.copy().addAll(without)).start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), server.wsUrl()).start();
    edge.proc().awaitLine("\\[uplink\\] connected", SOON);
    Proc other = wscat(server.wsUrl() + "?token=" + SECOND_TOKEN, "-x", "{\"n\":1}", "-w", "600");
    Proc screen = wscat(server.wsUrl() + "?token=" + LIVE_TOKEN);
    awaitConnections(server, 3);

    server.set("server.tokens", without).rewrite();

    edge.proc().awaitLine("\\[uplink\\].*1008.*token revoked", SOON);
    edge.proc().awaitLine("\\[uplink\\].*401", SOON);
    awaitConnections(server, 1);
    assertThat(screen.awaitExit(SOON)).isZero();
    assertThat(other.isAlive()).isTrue();
    assertThat(other.output()).doesNotContain("1008");
  }

  @Test
  @Proof
  @DisplayName("is an edge whose server and token have changed while it runs, without a restart")
  void moved() {
    Spillway first = Spillway.server(site).start();
    Spillway second =
        Spillway.of(site, "second", Spillway.server(site).conf())
            .set("server.tokens", tokens(SECOND_TOKEN))
            .start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), first.wsUrl())
            .set("iaq", null)
            .start();
    edge.proc().awaitLine("\\[uplink\\] connected", SOON);

    edge.set("edge.uplink.url", second.wsUrl())
        .set("edge.uplink.token", SECOND_TOKEN)
        .set("edge.uplink.pingMs", 700)
        .rewrite();

    edge.proc().awaitLine("changed: edge.uplink.url, edge.uplink.token$", SOON);
    edge.proc().awaitLine("read at the next start: edge.uplink.pingMs$", SOON);
    edge.proc().awaitLine("\\[uplink\\] connected to " + second.wsUrl(), SOON);
    awaitConnections(first, 0);
    awaitConnections(second, 1);

    edge.set("edge.uplink.url", "https://tunnel.example").rewrite();
    edge.proc().awaitLine("change refused.*edge.uplink.url.*wss:// for https://", SOON);
    assertThat(edge.proc().isAlive()).isTrue();
    awaitConnections(second, 1);
  }

  private static JsonArray tokens(String secret) {
    return new JsonArray().add(token("edges", secret));
  }

  private static String ws(int port) {
    return "ws://127.0.0.1:" + port + "/ws?token=" + Spillway.TOKEN;
  }

  private static JsonObject token(String name, String secret) {
    return new JsonObject().put("name", name).put("secret", secret).put("role", "ingest");
  }

  /** A client that stays for longer than the test. */
  private Proc stay(String url, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("-x", "{\"n\":1}", "-w", "600"));
    return wscat(url, arguments.toArray(String[]::new));
  }

  private Proc wscat(String url, String... more) {
    List<String> arguments = new ArrayList<>(List.of("-c", url));
    arguments.addAll(List.of(more));
    return NodeScript.wscat(site, arguments.toArray(String[]::new));
  }

  private static void awaitConnections(Spillway server, int count) {
    Await.until(
        count + " connections",
        SOON,
        () -> metrics(server).contains("\nspillway_connections " + count + ".0\n"));
  }

  private static String metrics(Spillway server) {
    try {
      return Http.get(server.httpUrl() + "/metrics").body();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException error) {
      throw new AssertionError(error);
    }
  }
}
