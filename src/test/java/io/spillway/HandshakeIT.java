package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.MqttTap;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.ScriptedBroker;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Equal bytes everywhere: only identifiers and their releases tell messages apart. */
@DisplayName("A message at QoS 2")
class HandshakeIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String CLIENT = "spillway-edge";
  private static final String TOPIC = "test/door";
  private static final String OPEN = "{\"open\":false}";
  private static final String DOUBTS = "spillway_source_possible_duplicates_total";

  @RegisterExtension final Site site = new Site();
  private Spillway edge;

  /** Of a broker that sends what the test says. */
  private ScriptedBroker scripted() {
    ScriptedBroker broker = site.own(new ScriptedBroker());
    launch(broker.url());
    return broker;
  }

  private void launch(String mqttUrl) {
    int port = FreePort.next();
    String wsUrl = "ws://127.0.0.1:" + port + "/ws";
    edge = Spillway.edgeAndServer(site, mqttUrl, wsUrl, port);
    edge.launch();
  }

  @Test
  @DisplayName("is stored once when the edge dies before its PUBREC is read, and the next one too")
  void pubrecLost() {
    ScriptedBroker broker = scripted();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    crash();
    broker.accept(true).publishOnce(1, true, TOPIC, OPEN).expectPubrec(1);
    broker.release(1).expectPubcomp(1);
    broker.publishOnce(1, false, TOPIC, OPEN).expectPubrec(1).release(1).expectPubcomp(1);
    assertStored(broker, 2, 0);
  }

  @Test
  @DisplayName("is stored when its identifier was used, and released, before the edge died")
  void identifierUsedAgain() {
    ScriptedBroker broker = scripted();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    broker.release(1).expectPubcomp(1);
    edge.proc().stop();
    broker.publishOnce(1, false, TOPIC, OPEN);
    crash();
    broker.accept(true).publishOnce(1, true, TOPIC, OPEN).expectPubrec(1);
    broker.release(1).expectPubcomp(1);
    assertStored(broker, 2, 1);
  }

  @Proof
  @Test
  @DisplayName("is stored once when the edge dies before its PUBCOMP is read")
  void pubcompLost() {
    ScriptedBroker broker = scripted();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    broker.release(1).expectPubcomp(1);
    crash();
    broker.accept(true).release(1).expectPubcomp(1).release(1).expectPubcomp(1);
    assertStored(broker, 1, 0);
  }

  @Test
  @DisplayName("is stored once when it comes again on the same connection, marked or not")
  void repeatedOnOneConnection() {
    ScriptedBroker broker = scripted();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    broker.publishOnce(1, true, TOPIC, OPEN).expectPubrec(1);
    broker.publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    broker.release(1).expectPubcomp(1);
    assertStored(broker, 1, 0);
  }

  @Test
  @DisplayName("is stored, and counted, when a broker with an older state may have sent it")
  void unmarkedOnNewConnection() {
    ScriptedBroker broker = scripted();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1).cut();
    broker.accept(true).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    assertStored(broker, 2, 1);
  }

  @Proof
  @Test
  @DisplayName("is stored when it belongs to a new session")
  void newSession() {
    ScriptedBroker broker = scripted();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1).cut();
    broker.accept(false).publishOnce(1, false, TOPIC, OPEN).expectPubrec(1);
    assertStored(broker, 2, 0);
  }

  @Test
  @Proof
  @DisplayName("by Mosquitto is stored once, however often the edge and the link to it die")
  void equalPayloads() {
    Mosquitto broker = new Mosquitto(site, "mosquitto").with("autosave_interval", "1000").start();
    // It tells its age every ten seconds; before, nothing proves that it was not started again.
    MosquittoClients.sub(site, broker, "$SYS/broker/uptime").awaitLine("uptime [12]\\d sec", SOON);
    MqttTap tap = site.own(new MqttTap(broker));
    Spillway server = Spillway.server(site).start();
    edge =
        Spillway.edge(site, tap.url(), server.wsUrl())
            .set("edge.mqtt.qos", 2)
            .set("edge.spool.segmentBytes", 50_000)
            .start();
    broker.awaitSubscriber(CLIENT);
    int rounds = 60;
    String publish =
        "for i in $(seq %d); do yes '%s' | head -n 100; sleep 0.2; done | mosquitto_pub -l -q 2"
            .formatted(rounds, OPEN);
    String to = " -t %s -p %d".formatted(TOPIC, broker.port());
    Proc sensor =
        site.own(Proc.start("sensor", site.dir(), Map.of(), List.of("sh", "-c", publish + to)));
    Await.until("the first are stored", SOON, () -> server.stored().lines().size() >= 500);
    for (int round = 0; round < 5; round++) {
      int line = broker.proc().lineCount();
      edge.crash();
      broker.awaitSubscriber(line, CLIENT);
      int again = broker.proc().lineCount();
      tap.link().cut();
      tap.link().mend();
      broker.awaitSubscriber(again, CLIENT);
    }
    assertThat(sensor.awaitExit(SOON)).isZero();
    int all = rounds * 100;
    Await.until(
        () -> server.stored().lines().size() + " of " + all + " are stored",
        SOON,
        () -> server.stored().lines().size() >= all);
    MosquittoClients.pub(site, broker, "test/later", "{\"later\":true}");
    server.stored().await("a fresh one", line -> line.contains("later"));
    assertThat(server.stored().lines()).hasSize(all + 1);
    assertThat(tap.pubacks()).isEqualTo(1); // the others came at QoS 2
  }

  @Test
  @DisplayName("that a kept session of before still has is stored, although QoS 1 is asked for now")
  void keptSession() {
    Mosquitto broker = new Mosquitto(site, "mosquitto").start();
    int port = FreePort.next();
    edge =
        Spillway.edgeAndServer(site, broker.url(), "ws://127.0.0.1:" + port + "/ws", port)
            .set("edge.mqtt.qos", 2);
    edge.launch();
    broker.awaitSubscriber(CLIENT);
    edge.kill9();
    for (int n = 1; n <= 3; n++) {
      MosquittoClients.pub(site, broker, TOPIC, OPEN, "-q", "2");
    }
    edge.set("edge.mqtt.qos", 1).launch();
    Await.until("all are stored", SOON, () -> edge.stored().lines().size() >= 3);
    MosquittoClients.pub(site, broker, "test/later", "{\"later\":true}", "-q", "2");
    edge.stored().await("a fresh one", line -> line.contains("later"));
    assertThat(edge.stored().lines()).hasSize(4);
    assertThat(edge.proc().output()).doesNotContain("closed the connection");
  }

  private void crash() {
    edge.kill9();
    edge.launch();
  }

  /** How many are stored, and counted as possibly double, once a later message is there. */
  private void assertStored(ScriptedBroker broker, int messages, int doubts) {
    broker.publish(100, false, "test/later", "{\"later\":true}").expectPuback(100);
    edge.stored().await("the later message", line -> line.contains("later"));
    assertThat(edge.stored().lines().stream().filter(line -> line.contains(TOPIC)))
        .hasSize(messages);
    assertThat(edge.metric(DOUBTS)).isEqualTo(doubts);
  }
}
