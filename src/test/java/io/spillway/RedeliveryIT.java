package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a broker sends again, where the bytes do not tell: contact sensors and heartbeats say the
 * same all day.
 */
@DisplayName("A message that the broker sends again")
class RedeliveryIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EDGE = "spillway-edge";
  private static final String OPEN = "{\"open\":false}";

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("is stored when it is another one with the same identifier and the same bytes")
  void honestRepetition() throws Exception {
    ScriptedBroker broker = site.own(new ScriptedBroker());
    Spillway server = Spillway.server(site).start();
    Spillway edge = Spillway.edge(site, broker.url(), server.wsUrl());
    edge.launch();
    broker.accept(false).publish(1, false, "test/door", OPEN).expectPuback(1);
    edge.proc().stop();
    broker.publish(1, false, "test/door", OPEN);
    edge.kill9();
    edge.launch();
    broker.accept(true).publish(1, true, "test/door", OPEN).expectPuback(1);
    awaitStored(server, 2);
  }

  @Test
  @DisplayName("on the same connection while the spool is full is stored once, and in order")
  void copiesWhileFull() throws Exception {
    ScriptedBroker broker = site.own(new ScriptedBroker());
    Spillway server = Spillway.server(site);
    Spillway edge =
        Spillway.edge(site, broker.url(), server.wsUrl())
            .set("edge.spool.maxBytes", 65_536)
            .set("edge.spool.segmentBytes", 16_384);
    edge.launch();
    broker.accept(false);
    IntStream.rangeClosed(1, 400).forEach(id -> publish(broker, id, false));
    edge.proc().awaitLine("maxBytes of 65.536 is reached", SOON);
    for (int round = 0; round < 5; round++) {
      int acknowledged = broker.pubacks();
      IntStream.rangeClosed(acknowledged + 1, 400).forEach(id -> publish(broker, id, true));
    }
    assertThat(broker.pubacks()).isLessThan(400);
    server.start();
    Await.until("all acknowledged", SOON, () -> broker.pubacks() >= 400);
    awaitStored(server, 400);
    assertThat(broker.pubacks()).isEqualTo(400);
    assertThat(server.stored().records())
        .extracting(record -> record.getInteger("n"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 400).boxed().toList());
  }

  @Test
  @Proof
  @DisplayName("by Mosquitto is stored once, however often the edge and the link to it die")
  void equalPayloads() {
    Mosquitto broker = new Mosquitto(site, "mosquitto").with("autosave_interval", "1000").start();
    // It tells its age every ten seconds; before, nothing proves that it has not been started
    // again.
    MosquittoClients.sub(site, broker, "$SYS/broker/uptime").awaitLine("uptime [12]\\d sec", SOON);
    MqttTap tap = site.own(new MqttTap(broker));
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, tap.url(), server.wsUrl())
            .set("edge.spool.segmentBytes", 50_000)
            .start();
    broker.awaitSubscriber(EDGE);
    int rounds = 60;
    Proc sensor =
        site.own(
            Proc.start(
                "sensor",
                site.dir(),
                Map.of(),
                List.of(
                    "sh",
                    "-c",
                    "for i in $(seq %d); do yes '%s' | head -n 100; sleep 0.2; done | mosquitto_pub -l"
                            .formatted(rounds, OPEN)
                        + " -q 1 -t test/door -p "
                        + broker.port())));
    Await.until("the first are stored", SOON, () -> server.stored().lines().size() >= 500);
    for (int round = 0; round < 4; round++) {
      int line = broker.proc().lineCount();
      edge.crash();
      broker.awaitSubscriber(line, EDGE);
      int again = broker.proc().lineCount();
      tap.link().cut();
      tap.link().mend();
      broker.awaitSubscriber(again, EDGE);
    }
    assertThat(sensor.awaitExit(SOON)).isZero();
    awaitStored(server, rounds * 100);
  }

  private static void publish(ScriptedBroker broker, int id, boolean dup) {
    broker.publish(id, dup, "test/n", "{\"n\":%d,\"f\":\"%s\"}".formatted(id, "x".repeat(100)));
  }

  /** So many, and no more when a fresh one has come through. */
  private static void awaitStored(Spillway server, int count) {
    Await.until(
        () -> server.stored().lines().size() + " of " + count + " are stored",
        SOON,
        () -> server.stored().lines().size() >= count);
    assertThat(server.stored().lines()).hasSize(count);
  }
}
