package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Proof;
import io.spillway.kit.ScriptedBroker;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a broker may legally send with one identifier, in the orders that matter. */
@DisplayName("Two deliveries with one identifier and equal bytes")
class PacketOrderIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String SAME = "{\"open\":false}";
  private static final String TOPIC = "test/door";

  @RegisterExtension final Site site = new Site();
  private ScriptedBroker broker;
  private TcpProxy uplink;
  private Spillway edge;

  @BeforeEach
  void prepare() {
    int port = FreePort.next();
    broker = site.own(new ScriptedBroker());
    uplink = site.own(new TcpProxy(port));
    String wsUrl = "ws://127.0.0.1:" + uplink.port() + "/ws";
    edge = Spillway.edgeAndServer(site, broker.url(), wsUrl, port);
  }

  /** How many of them are stored, once a later message is. */
  private long stored() {
    broker.publish(100, false, "test/later", "{\"later\":true}").expectPuback(100);
    edge.stored().await("the later message", line -> line.contains("later"));
    return edge.stored().lines().stream().filter(line -> line.contains(TOPIC)).count();
  }

  @Proof
  @Test
  @DisplayName(
      "are two messages when the first is acknowledged and the edge dies with the second unread")
  void honestRepetition() {
    edge.launch();
    broker.accept(false).publish(1, false, TOPIC, SAME).expectPuback(1);
    edge.proc().stop();
    broker.publish(1, false, TOPIC, SAME);
    edge.kill9();
    edge.launch();
    broker.accept(true).publish(1, true, TOPIC, SAME).expectPuback(1);

    assertThat(stored()).isEqualTo(2);
  }

  @Test
  @DisplayName("are two messages when the second comes on a new connection without DUP")
  void unmarkedOnNewConnection() {
    edge.launch();
    broker.accept(false).publish(1, false, TOPIC, SAME).expectPuback(1).cut();
    broker.accept(true).publish(1, false, TOPIC, SAME).expectPuback(1);

    assertThat(stored()).isEqualTo(2);
  }

  @Proof
  @Test
  @DisplayName("are two messages when the second belongs to a new session")
  void newSession() {
    edge.launch();
    broker.accept(false).publish(1, false, TOPIC, SAME).expectPuback(1).cut();
    broker.accept(false).publish(1, true, TOPIC, SAME).expectPuback(1);

    assertThat(stored()).isEqualTo(2);
  }

  @Test
  @DisplayName("are one message when the second is marked and comes on the same connection")
  void repeatedOnOneConnection() {
    edge.launch();
    broker.accept(false).publish(1, false, TOPIC, SAME).expectPuback(1);
    broker.publish(1, true, TOPIC, SAME); // whose acknowledgement is the one it has, or a second

    assertThat(stored()).isEqualTo(1);
  }

  @Test
  @Proof
  @DisplayName("are one message when it is repeated while the spool has no room for it")
  void repeatedWhileSpoolIsFull() {
    edge.set("edge.spool.maxBytes", 8_192).set("edge.spool.segmentBytes", 4_096);
    edge.launch();
    broker.accept(false);
    uplink.cut();
    String filling = "{\"filling\":\"" + "x".repeat(3_000) + "\"}";
    broker.publish(2, false, "test/filling", filling).expectPuback(2);
    broker.publish(3, false, "test/filling", filling).expectPuback(3);
    broker.publish(4, false, "test/filling", filling);
    edge.proc().awaitLine("spool.maxBytes of .* is reached", SOON);
    broker.publish(1, false, TOPIC, SAME).publish(1, true, TOPIC, SAME);
    uplink.mend();
    broker.expectPuback(1);

    assertThat(stored()).isEqualTo(1);
  }

  @Test
  @DisplayName("are one message, or counted as possibly two, when the acknowledgement was lost")
  void acknowledgementLost() {
    edge.launch();
    broker.accept(false).publish(1, false, TOPIC, SAME).expectPuback(1).cut();
    broker.accept(true).publish(1, true, TOPIC, SAME).expectPuback(1);

    long stored = stored();
    Await.until(
        "what is stored twice is counted",
        SOON,
        () -> stored == 1 + edge.metric("spillway_source_possible_duplicates_total"));
  }
}
