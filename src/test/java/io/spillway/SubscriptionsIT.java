package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.FreePort;
import io.spillway.kit.Ledger;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.vertx.core.json.JsonArray;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("What the broker is subscribed to")
class SubscriptionsIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("at QoS 0 against the wish is told with the topic, until it is granted")
  void lowerQos() {
    int port = FreePort.next();
    Proc broker = NodeScript.broker(site, port);
    broker.type("0 low/#");
    broker.awaitLine("at most 0", SOON);
    TcpProxy link = site.own(new TcpProxy(port));
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + link.port(), server.wsUrl())
            .set("edge.mqtt.topics", JsonArray.of("test/#", "low/#"))
            .start();
    assertThat(edge.proc().awaitLine("WARN .*QoS 0 granted", SOON))
        .contains("low/#", "while this edge is away")
        .doesNotContain("test/#");

    broker.type("1 low/#");
    broker.awaitLine("at most 1", SOON);
    link.cut();
    link.mend();
    edge.proc().awaitLine("the broker grants all topics now", SOON);
  }

  @Test
  @DisplayName("does not include a topic that was taken out while the edge was stopped")
  void takenOutWhileStopped() throws Exception {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, broker, server)
            .set("edge.mqtt.topics", JsonArray.of("old/#", "test/#"))
            .start();
    edge.proc().awaitLine("subscribed to old/#, test/#", SOON);
    assertThat(Files.readString(edge.spoolDir().resolve("subscriptions.json"))).contains("old/#");
    edge.kill9();

    edge.set("edge.mqtt.topics", JsonArray.of("test/#")).start();
    edge.proc().awaitLine("not subscribed any more to old/#", SOON);
    MosquittoClients.pub(site, broker, "old/x", "{\"old\":true}");
    MosquittoClients.pub(site, broker, "test/x", "{\"new\":true}");
    server.stored().await("what is configured", line -> line.contains("\"new\":true"));
    assertThat(server.stored().lines()).hasSize(1);
  }

  @Test
  @Proof
  @DisplayName("changes while messages come, and none that both the old and the new match is lost")
  void reloaded() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Spillway edge = Spillway.edge(site, broker, server).start();
    edge.proc().awaitLine("subscribed to test/#", SOON);
    Publisher publisher = site.publisher(broker, "test/a").begin(1_000);
    String before = "test/#";
    for (int reload = 0; reload < 4; reload++) {
      String now = before.equals("test/#") ? "test/+" : "test/#";
      int from = edge.proc().lineCount();
      edge.set("edge.mqtt.topics", JsonArray.of(now)).rewrite();
      String gone = before.replace("+", "\\+");
      edge.proc().awaitLine(from, "not subscribed any more to " + gone, SOON);
      before = now;
    }
    publisher.end();
    publisher.awaitAcknowledged();
    server
        .stored()
        .await("the last message", line -> line.contains(publisher.mark(publisher.sent() - 1)));
    Ledger ledger = Ledger.of("reloads", publisher, server.stored().records());
    assertThat(ledger.lost()).as(ledger.report()).isEmpty();
  }
}
