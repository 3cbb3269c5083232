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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Two edges in one cluster")
class EdgesInClusterIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MESSAGES = 6_000;

  // Hazelcast prints traces when a member leaves.
  @RegisterExtension final Site site = new Site().allowingTraces();
  private final List<Integer> ports =
      List.of(FreePort.next(), FreePort.next(), FreePort.next(), FreePort.next());
  private Mosquitto broker;
  private Spillway server;

  @BeforeEach
  void start() {
    broker = new Mosquitto(site, "mosquitto").with("autosave_interval", "1000").start();
    server = Spillway.server(site).start();
  }

  @Test
  @Proof
  @DisplayName(
      "do not take each other's records: one without an uplink keeps them until it has one")
  void apart() {
    Proc west = member(0, "west", "mqtt", "spool", "batch").launch();
    Proc east = member(1, "east", "mqtt", "spool", "batch").launch();
    Proc uplink = member(2, "west", "uplink").launch();
    List.of(west, east, uplink).forEach(each -> each.awaitLine("\\bstarted\\b", SOON));
    broker.awaitSubscriber("spillway-west");
    broker.awaitSubscriber("spillway-east");
    Publisher publisher = site.publisher(broker, "test/west", "test/east");
    publisher.publish(MESSAGES, 2_000);
    publisher.awaitAcknowledged();
    Await.until("west's are stored", SOON, () -> stored("west").size() == MESSAGES / 2);
    assertThat(stored("east")).isEmpty();

    member(3, "east", "uplink").start();
    Await.until("east's are stored", SOON, () -> stored("east").size() == MESSAGES / 2);

    Ledger ledger = Ledger.of("two edges", publisher, server.stored().records());
    assertThat(ledger.lost()).as(ledger.report()).isEmpty();
    assertThat(ledger.duplicate()).as(ledger.report()).isEmpty();
    assertThat(ledger.disorder()).as(ledger.report()).isEmpty();
    for (String edge : List.of("west", "east")) {
      assertThat(stored(edge)).allMatch(r -> r.getString("_topic").equals("test/" + edge));
    }
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("of one name: the second does not start, and says where the first runs")
  void oneName() {
    Proc first = member(0, "edge", "mqtt", "spool", "batch", "uplink").launch();
    first.awaitLine("\\bstarted\\b", SOON);
    Proc second = member(1, "edge", "mqtt", "spool", "batch", "uplink").launch();
    assertThat(second.awaitExit(SOON)).isEqualTo(1);
    assertThat(second.output())
        .containsPattern(
            "cannot start: batch\\.forward\\.edge is answered already by process "
                + first.pid()
                + " on \\S+")
        .contains("edge.name");
    assertThat(first.isAlive()).isTrue();
  }

  private List<JsonObject> stored(String edge) {
    return server.stored().records().stream()
        .filter(record -> record.getString("_id").startsWith(edge + '.'))
        .toList();
  }

  /** A process of the cluster that has these parts of an edge. */
  private Spillway member(int number, String edge, String... parts) {
    JsonObject whole = Spillway.edge(site, broker, server).conf().getJsonObject("edge");
    JsonObject mqtt = whole.getJsonObject("mqtt").put("clientId", "spillway-" + edge);
    mqtt.put("topics", new JsonArray().add("test/" + edge));
    JsonObject some = new JsonObject().put("name", edge);
    for (String part : List.of("mqtt", "spool", "batch", "uplink")) {
      some.put(part, List.of(parts).contains(part) ? whole.getValue(part) : null);
    }
    List<String> members = new ArrayList<>();
    ports.forEach(port -> members.add("127.0.0.1:" + port));
    JsonObject cluster =
        new JsonObject()
            .put("name", "spillway-test-" + ports.get(0))
            .put("port", ports.get(number))
            .put("members", new JsonArray(members));
    return Spillway.of(
            site, "member-" + number, new JsonObject().put("cluster", cluster).put("edge", some))
        .arguments("-cluster", "-cluster-host", "127.0.0.1");
  }
}
