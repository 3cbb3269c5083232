package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
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

/** An edge whose process has a server of its own, so that it can be asked how it is. */
@DisplayName("The health of an edge")
class HealthIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EDGE = "spillway-edge";

  @RegisterExtension final Site site = new Site();
  private Mosquitto broker;
  private Spillway upstream;
  private Spillway edge;

  @BeforeEach
  void prepare() {
    broker = site.mosquitto();
    upstream = Spillway.server(site);
    edge =
        Spillway.edge(site, broker, upstream)
            .set("server.host", "127.0.0.1")
            .set("server.port", FreePort.next())
            .set("server.tokens", new JsonArray());
  }

  @Test
  @Proof
  @DisplayName("is 503 with the reason while the server is frozen, and ok again after")
  void frozenServer() throws Exception {
    upstream.start();
    edge.set("server.stalledMs", 2_000).start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(20, 1_000);
    upstream.stored().await("the first ones", line -> line.contains(publisher.mark(19)));
    awaitHealth(200, "ok");

    upstream.proc().stop();
    publisher.publish(20, 1_000);
    Await.until(
        "the stalled spool is reported",
        SOON,
        () -> health().body().contains("batcher edge: 20 waiting, none done for "));
    Await.until("the uplink too", SOON, () -> health().body().contains("\"uplink edge: "));
    awaitHealth(503, "failing");
    Await.until("the metric", SOON, () -> metrics().contains("\nspillway_health 0.0\n"));
    assertThat(metrics())
        .contains("spillway_role_waiting{instance=\"edge\",role=\"batcher\"} 20.0");

    upstream.proc().cont();
    upstream.stored().await("the others", line -> line.contains(publisher.mark(39)));
    awaitHealth(200, "ok");
    Await.until("the metric", SOON, () -> metrics().contains("\nspillway_health 1.0\n"));
  }

  @Test
  @DisplayName("is 503 with the reason while the server is away and records wait for it")
  void serverAway() throws Exception {
    edge.set("server.stalledMs", 2_000).start();
    broker.awaitSubscriber(EDGE);
    site.publisher(broker, "test/a").publish(20, 1_000);
    Await.until(
        "the stalled spool is reported",
        SOON,
        () -> health().body().contains("batcher edge: 20 waiting, none done for "));
    assertThat(awaitHealth(503, "failing").body()).contains("edge.uplink.url");

    upstream.start();
    awaitHealth(200, "ok");
  }

  @Test
  @DisplayName("is degraded, but not 503, while the broker starts anew")
  void brokerRestart() throws Exception {
    upstream.start();
    edge.set("server.stalledMs", 60_000).start();
    broker.awaitSubscriber(EDGE);
    awaitHealth(200, "ok");

    broker.proc().kill9();
    Http.Answer degraded = awaitHealth(200, "degraded");
    assertThat(new JsonObject(degraded.body()).getJsonArray("faults"))
        .singleElement()
        .asString()
        .startsWith("source spillway-edge: ");
    broker.start();
    awaitHealth(200, "ok");
  }

  private Http.Answer awaitHealth(int code, String status) throws Exception {
    String member = "\"status\":\"" + status + '"';
    Http.Answer[] last = new Http.Answer[1];
    Await.until(
        () -> status + ", not " + last[0],
        SOON,
        () -> {
          last[0] = health();
          return last[0].body().contains(member);
        });
    assertThat(last[0].status()).isEqualTo(code);
    return last[0];
  }

  private Http.Answer health() throws Exception {
    return Http.get(edge.httpUrl() + "/health");
  }

  private String metrics() throws Exception {
    return Http.get(edge.httpUrl() + "/metrics").body();
  }
}
