package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Ledger;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Proc;
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

@DisplayName("An edge in two processes: the source in one, spool and uplink in the other")
class ClusterIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EDGE = "spillway-edge";
  private static final int MESSAGES = 10_000;

  // Hazelcast, and Vert.x in OutboundConnection.writeMessage, print traces when a member is killed.
  @RegisterExtension final Site site = new Site().allowingTraces();
  private Mosquitto broker;
  private Spillway server;
  private Spillway source;
  private Spillway rest;
  private Publisher publisher;

  @BeforeEach
  void start() {
    // The broker is not what is tested here, and saving after each message slows it.
    broker = new Mosquitto(site, "mosquitto").with("autosave_interval", "1000").start();
    server = Spillway.server(site).start();
    JsonObject whole = Spillway.edge(site, broker, server).conf().getJsonObject("edge");
    JsonArray members = new JsonArray();
    int sourcePort = FreePort.next();
    int restPort = FreePort.next();
    members.add("127.0.0.1:" + sourcePort).add("127.0.0.1:" + restPort);
    JsonObject onlySource =
        new JsonObject().put("name", "edge").put("mqtt", whole.getJsonObject("mqtt"));
    onlySource.putNull("spool").putNull("batch").putNull("uplink");
    source = member("source", sourcePort, members, onlySource);
    rest = member("rest", restPort, members, whole.copy().putNull("mqtt"));
    Proc second = rest.launch();
    source.start();
    second.awaitLine("\\bstarted\\b", SOON);
    broker.awaitSubscriber(EDGE);
    publisher = site.publisher(broker, "test/a", "test/b", "test/c");
  }

  private Spillway member(String name, int port, JsonArray members, JsonObject edge) {
    JsonObject cluster = new JsonObject().put("name", "test-" + port).put("port", port);
    cluster.put("name", "spillway-test-" + members.getString(0).replaceAll(".*:", ""));
    JsonObject conf = new JsonObject().put("cluster", cluster.put("members", members));
    return Spillway.of(site, name, conf.put("edge", edge))
        .arguments("-cluster", "-cluster-host", "127.0.0.1");
  }

  private void awaitStored(int n) {
    server.stored().await("message " + n, line -> line.contains(publisher.mark(n)));
  }

  private void settled(String what) {
    publisher.awaitAcknowledged();
    awaitStored(publisher.sent() - 1);
    Ledger ledger = Ledger.of(what, publisher, server.stored().records());
    String report = ledger.report();
    assertThat(ledger.lost()).as(report).isEmpty();
    assertThat(ledger.duplicate()).as(report).isEmpty();
    assertThat(ledger.disorder()).as(report).isEmpty();
    assertThat(ledger.sequenceFaults()).as(report).isEmpty();
    assertThat(ledger.stored()).isEqualTo(ledger.acknowledged());
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("carries 10,000 messages exactly once")
  void exactlyOnce() {
    publisher.publish(MESSAGES, 2000);
    settled("two clustered processes");
    assertThat(publisher.acknowledgedCount()).isEqualTo(MESSAGES);
  }

  @Test
  @Proof
  @DisplayName("loses nothing when the second is killed and started again in mid-stream")
  void secondKilled() {
    publisher.begin(600);
    awaitStored(600);
    for (int kill = 0; kill < 2; kill++) {
      rest.kill9();
      int until = publisher.sent() + 600;
      Await.until("load goes on", SOON, () -> publisher.sent() >= until);
      rest.start();
      awaitStored(publisher.sent() - 1);
    }
    publisher.end();
    settled("clustered: kill -9 of the second process, twice");
  }

  @Test
  @Proof
  @DisplayName("loses nothing when the source is killed and started again in mid-stream")
  void sourceKilled() {
    publisher.begin(600);
    awaitStored(600);
    source.kill9();
    int until = publisher.sent() + 600;
    Await.until("load goes on", SOON, () -> publisher.sent() >= until);
    source.start();
    awaitStored(publisher.sent() - 1);
    publisher.end();
    settled("clustered: kill -9 of the source");
  }
}
