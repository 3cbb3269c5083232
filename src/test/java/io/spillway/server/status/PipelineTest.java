package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.kit.ManualTime;
import io.spillway.message.Texts;
import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Status;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The picture of the whole way")
class PipelineTest {
  private static final long DAY_MS = 24 * 3_600_000L;

  private final ManualTime time = new ManualTime(1_000_000);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RoleBoard board = new RoleBoard(time, Duration.ofSeconds(15));
  private final Pipeline pipeline = new Pipeline(board, time, registry);
  private final KnownEdges edges = pipeline.edges();

  @Test
  @DisplayName("has the roles of one process as one edge, called as its spool")
  void oneProcess() {
    board.update(role("source", "my client", "p", "", 0));
    board.update(role("uplink", "server.example", "p", "", 0));
    board.update(role("batcher", "attic", "p", "", 0));
    board.update(role("store", "ingest.ndjson", "q", "", 0));
    JsonObject edge = onlyEdge();
    assertThat(edge.getString("edge")).isEqualTo("attic");
    assertThat(edge.getJsonArray("stages")).hasSize(3);
    assertThat(edge.getString("state")).isEqualTo("ok");
  }

  @Test
  @DisplayName("has the roles of an edge on several hosts as one edge")
  void severalHosts() {
    board.update(role("batcher", "attic", "p1", "", 0));
    board.update(role("source", "spillway-attic", "p2", "", 0));
    board.update(role("uplink", "attic", "p3", "", 0));
    assertThat(onlyEdge().getString("edge")).isEqualTo("attic");
    board.update(role("batcher", "cellar", "p4", "", 0));
    later(1_000);
    assertThat(picture().getJsonObject("totals").getInteger("edges")).isEqualTo(2);
  }

  @Test
  @DisplayName("says of an uplink without acknowledgements that it is one, as long as it is")
  void plain() {
    Map<String, Long> counters = Map.of("plain", 1L);
    board.update(new RoleState("uplink", "attic", "p", Fault.NONE, 0, 0, counters, LastFault.NONE));
    JsonObject uplink = onlyEdge().getJsonArray("stages").getJsonObject(2);
    assertThat(uplink.getString("note")).contains("gives no acknowledgements");
    assertThat(StandingNote.of(board.all().values()))
        .singleElement()
        .asString()
        .startsWith("uplink attic: ");
    board.update(role("uplink", "attic", "p", "", 0));
    later(1_000);
    assertThat(onlyEdge().getJsonArray("stages").getJsonObject(2).containsKey("note")).isFalse();
    assertThat(StandingNote.of(board.all().values())).isEmpty();
  }

  @Test
  @DisplayName("shows an edge once that is heard of on the bus and over its WebSocket")
  void twice() {
    board.update(role("batcher", "attic", "p", "", 0));
    EdgeLink link = edges.connected("attic", "e");
    assertThat(onlyEdge().getBoolean("onBus")).isTrue();
    tell(link, role("batcher", "attic", "p", "", 0));
    later(1_000);
    assertThat(onlyEdge().getString("epoch")).isEqualTo("e");
    EdgeLink namesake = edges.connected("attic", "f");
    tell(namesake, role("batcher", "attic", "other", "", 0));
    later(1_000);
    assertThat(picture().getJsonArray("edges")).hasSize(2);
  }

  @Test
  @DisplayName("counts edges whose ledger does not balance, also if the sum of all does")
  void unbalanced() {
    board.update(spool("attic", 5, 5));
    board.update(spool("barn", 5, 4));
    board.update(spool("cellar", 5, 6));
    JsonObject totals = picture().getJsonObject("totals");
    assertThat(totals.getInteger("unbalanced")).isEqualTo(2);
    assertThat(totals.getJsonObject("ledger").getInteger("difference")).isZero();
    assertThat(picture().getJsonArray("edges").getJsonObject(2).getString("edge"))
        .isEqualTo("attic");
  }

  @Test
  @DisplayName("says of an older edge only that it is connected")
  void older() {
    edges.connected("attic", "e");
    JsonObject edge = onlyEdge();
    assertThat(edge.getString("state")).isEqualTo("unknown");
    assertThat(edge.getJsonArray("stages").getJsonObject(2).getString("state")).isEqualTo("ok");
    assertThat(edge.containsKey("ledger")).isFalse();
  }

  @Test
  @DisplayName("takes an edge for silent that is connected and does not say how it is any more")
  void silent() {
    EdgeLink link = edges.connected("attic", "e");
    tell(link, role("batcher", "attic", "p", "", 0));
    later(link.silentAfterMs());
    assertThat(onlyEdge().getString("state")).isEqualTo("unknown"); // no source was told of
    later(1_000);
    JsonObject edge = onlyEdge();
    assertThat(edge.getString("state")).isEqualTo("failing");
    assertThat(edge.encode()).contains("not connected: nothing heard");
    link.heard();
    later(1_000);
    assertThat(onlyEdge().getString("state")).isEqualTo("silent"); // batches come, no status
  }

  @Test
  @DisplayName("blames the link and not the spool for what waits while the link is broken")
  void blame() {
    for (int second = 0; second < 20; second++) {
      board.update(role("source", "spillway-attic", "p", "", 0));
      board.update(role("uplink", "attic", "p", "connection refused; is it on?", 0));
      board.update(role("batcher", "attic", "p", "", 500 + second));
      later(1_000);
    }
    JsonObject edge = onlyEdge();
    assertThat(state(edge, 0)).isEqualTo("ok");
    assertThat(state(edge, 1)).isEqualTo("degraded");
    assertThat(edge.getJsonArray("stages").getJsonObject(1).containsKey("fault")).isFalse();
    assertThat(state(edge, 2)).isEqualTo("failing");
  }

  @Test
  @DisplayName("tells how long a backlog takes, or that no end is in sight")
  void eta() {
    for (int second = 0; second < 20; second++) {
      board.update(role("batcher", "attic", "p", "", 10_000 - 100L * second));
      later(1_000);
    }
    JsonObject spool = onlyEdge().getJsonArray("stages").getJsonObject(1);
    assertThat(spool.getBoolean("behind")).isTrue();
    assertThat(spool.getInteger("etaSeconds")).isBetween(75, 90);
    for (int second = 0; second < 20; second++) {
      board.update(role("batcher", "attic", "p", "", 8_000 + 100L * second));
      later(1_000);
    }
    assertThat(onlyEdge().getJsonArray("stages").getJsonObject(1).getValue("etaSeconds")).isNull();
    assertThat(picture().getJsonObject("totals").getValue("etaSeconds")).isNull();
  }

  @Test
  @DisplayName("keeps what was wrong when it is mended, with its times")
  void mended() {
    RoleState well =
        role("source", "spillway-attic", "p", "", 0)
            .remembering(
                new LastFault(new Fault(FaultKind.TIMEOUT, "no pong; look"), 9_000, 2_000));
    board.update(well);
    JsonObject fault = onlyEdge().getJsonArray("stages").getJsonObject(0).getJsonObject("fault");
    assertThat(fault.getString("reason")).isEqualTo("no pong");
    assertThat(fault.getString("cure")).isEqualTo("look");
    assertThat(fault.getString("until")).isGreaterThan(fault.getString("since"));
  }

  @Test
  @DisplayName("counts a status that is broken, and one that comes too early, and looks at neither")
  void outcomes() {
    EdgeLink link = edges.connected("attic", "e");
    link.status(Texts.utf8("{\"type\":\"status\",oops"));
    link.status(Texts.utf8("{\"type\":\"status\",oops"));
    assertThat(count("bad")).isEqualTo(1);
    assertThat(count("early")).isEqualTo(1);
    later(1_000);
    tell(link, role("batcher", "attic", "p", "", 0));
    assertThat(count("taken")).isEqualTo(1);
  }

  @Test
  @DisplayName("does not mix two times: a stage, its edge and the totals tell the same")
  void oneTime() {
    board.update(role("batcher", "attic", "p", "", 5));
    assertThat(onlyEdge().getString("state")).isEqualTo("degraded");
    board.update(role("batcher", "attic", "p", "no space left", 7));
    JsonObject spool = onlyEdge().getJsonArray("stages").getJsonObject(1);
    assertThat(spool.containsKey("fault")).isFalse();
    assertThat(spool.getJsonObject("queue").getInteger("records")).isEqualTo(5);
    later(1_000);
    assertThat(onlyEdge().getString("state")).isEqualTo("failing");
    assertThat(onlyEdge().encode()).contains("\"kind\":\"disk\"", "\"records\":7");
  }

  @Test
  @DisplayName("takes nothing for a status that only begins like one")
  void disguised() {
    EdgeLink link = edges.connected("attic", "e");
    link.status(
        Texts.utf8(
            "{\"type\":\"status\",\"type\":\"hello\",\"edge\":\"a\",\"epoch\":\"e\",\"first\":1}"));
    assertThat(count("bad")).isEqualTo(1);
    assertThat(link.roles()).isEmpty();
  }

  @Test
  @DisplayName("looks at so many bytes of statuses in a second only, whoever sends them")
  void busy() {
    byte[] long16 = Texts.utf8("{\"type\":\"status\",\"x\":\"" + "x".repeat(20_000) + "\"}");
    int enough = KnownEdges.BYTES_PER_SECOND / Wire.STATUS_BYTES_MAX;
    for (int n = 0; n < enough; n++) {
      edges.connected("edge" + n, "e").status(long16);
    }
    EdgeLink next = edges.connected("next", "e");
    tell(next, role("batcher", "next", "p", "", 0));
    assertThat(count("bad")).isEqualTo(enough);
    assertThat(count("busy")).isEqualTo(1);
    pipeline.tick();
    tell(next, role("batcher", "next", "p", "", 0));
    assertThat(count("taken")).isEqualTo(1);
  }

  @Test
  @DisplayName("tells an edge that is gone for long: a week after a goodbye, a month after a break")
  void forgets() {
    EdgeLink stopped = edges.connected("a", "e");
    EdgeLink lost = edges.connected("b", "e");
    stopped.left((short) 1001, "the edge is stopping");
    lost.left((short) 1006, null);
    pipeline.tick();
    assertThat(picture().getJsonArray("edges")).hasSize(2);
    later(7 * DAY_MS - 60_000);
    pipeline.tick();
    assertThat(picture().getJsonArray("edges")).hasSize(2);
    later(120_000);
    pipeline.tick();
    later(1_000);
    assertThat(onlyEdge().getString("edge")).isEqualTo("b");
    assertThat(onlyEdge().encode()).contains("not connected (1006)");
    later(22 * DAY_MS);
    pipeline.tick();
    later(1_000);
    assertThat(onlyEdge().getString("state")).isEqualTo("failing");
    later(2 * DAY_MS);
    pipeline.tick();
    later(1_000);
    assertThat(picture().getJsonArray("edges")).isEmpty();
  }

  @Test
  @DisplayName("tells how old the figures are of an edge that is gone, and lets none of them flow")
  void gone() {
    EdgeLink link = edges.connected("attic", "e");
    for (int second = 0; second < 6; second++) {
      Map<String, Long> counters = Map.of("messages", 100L * second);
      tell(
          link,
          new RoleState("source", "s", "p", Fault.NONE, 0, 0, counters, LastFault.NONE),
          role("batcher", "attic", "p", "", 700 + second));
      later(1_000);
    }
    assertThat(picture().getJsonObject("totals").getDouble("inPerSecond")).isPositive();
    assertThat(onlyEdge().getBoolean("gone")).isFalse();

    link.left((short) 1006, null);
    later(600_000);
    JsonObject totals = picture().getJsonObject("totals");
    assertThat(totals.getDouble("inPerSecond")).isZero();
    assertThat(totals.getInteger("gone")).isEqualTo(1);
    assertThat(totals.getValue("etaSeconds")).as("nobody knows").isNull();
    JsonObject edge = onlyEdge();
    assertThat(edge.getBoolean("gone")).isTrue();
    assertThat(edge.getLong("figuresAgeMs")).isBetween(600_000L, 606_000L);
    assertThat(edge.getJsonArray("stages").getJsonObject(0).containsKey("inPerSecond")).isFalse();
    assertThat(edges.goneInWords(board.judge()))
        .containsExactly(
            "edge attic: not connected, not heard of for 10 min, and 705 records waited there when it"
                + " last said so, 10 min ago");
    edges.connected("attic", "e");
    assertThat(edges.gone(board.judge())).isZero();
  }

  @Test
  @DisplayName("knows after a restart who was there, and first waits for them to come back")
  void afterRestart() {
    EdgeLink lost = edges.connected("attic", "e");
    tell(lost, role("batcher", "attic", "p", "", 17));
    lost.stored(42);
    edges.connected("barn", "e").left((short) 1001, "the edge is stopping");
    later(5_000);
    Pipeline fresh = new Pipeline(board, time, registry);
    fresh.edges().restore(edges.known());

    JsonObject first = fresh.json("attic", 0, 50);
    assertThat(first.getString("state")).as("of all: barn has said goodbye").isEqualTo("silent");
    JsonObject attic = first.getJsonArray("edges").getJsonObject(0);
    assertThat(attic.getString("state")).isEqualTo("unknown");
    assertThat(attic.getBoolean("gone")).isFalse();
    assertThat(fresh.edges().gone(board.judge())).isZero();
    assertThat(fresh.edges().awaited()).isEqualTo(1);
    assertThat(first.getJsonObject("totals").getValue("etaSeconds")).isNull();

    later(120_000);
    assertThat(fresh.edges().awaited()).isZero();
    attic = fresh.json("attic", 0, 50).getJsonArray("edges").getJsonObject(0);
    assertThat(attic.getString("state")).isEqualTo("failing");
    assertThat(attic.getBoolean("gone")).isTrue();
    assertThat(attic.getLong("figuresAgeMs")).isBetween(125_000L, 126_000L);
    assertThat(attic.getLong("waited")).isEqualTo(17);
    assertThat(attic.getLong("storedNext")).isEqualTo(42);
    JsonObject barn = fresh.json("barn", 0, 50).getJsonArray("edges").getJsonObject(0);
    assertThat(barn.getBoolean("stopped")).isTrue();
    assertThat(barn.getString("state")).isEqualTo("silent");
    assertThat(fresh.edges().gone(board.judge())).isEqualTo(1);

    fresh.edges().connected("attic", "e");
    assertThat(fresh.edges().gone(board.judge())).isZero();
  }

  @Test
  @DisplayName("keeps for a day whoever it knew, though by the clock they are gone for decades")
  void clockWasWrong() {
    long noted = time.wallMs() - 20_000 * DAY_MS;
    EdgeMemory.Known lost = new EdgeMemory.Known("attic", "e", noted, false, 42, 17, 0, 0);
    EdgeMemory.Known stopped = new EdgeMemory.Known("barn", "e", noted, true, 1, -1, 0, 0);
    edges.restore(List.of(lost, stopped));
    pipeline.tick();
    assertThat(edges.links()).hasSize(2);
    later(DAY_MS - 1_000);
    pipeline.tick();
    assertThat(edges.links()).hasSize(2);
    later(2_000);
    pipeline.tick();
    assertThat(edges.links()).isEmpty();
  }

  @Test
  @DisplayName("does not tell an epoch as gone when its edge has come back with another")
  void anotherEpoch() {
    edges.connected("attic", "e").left((short) 1006, null);
    later(5_000);
    edges.connected("attic", "f");
    pipeline.tick();
    assertThat(edges.gone(board.judge())).isZero();
    assertThat(onlyEdge().getString("epoch")).isEqualTo("f");
  }

  @Test
  @DisplayName("keeps so many edges only: those that are gone make room, then no more are shown")
  void bound() {
    EdgeLink gone = edges.connected("gone", "e");
    gone.left(null, null);
    for (int n = 0; n < KnownEdges.MOST; n++) {
      edges.connected("edge" + n, "e");
    }
    EdgeLink unseen = edges.connected("unseen", "e");
    tell(unseen, role("batcher", "unseen", "p", "", 0));
    unseen.left(null, null);
    assertThat(edges.links())
        .hasSize(KnownEdges.MOST)
        .noneMatch(link -> link == gone || link == unseen);
    assertThat(unseen.statusEveryMs()).isEqualTo(2 * (KnownEdges.MOST + 1));
    assertThat(picture().getJsonArray("edges")).hasSize(50);
  }

  @Test
  @DisplayName("of ten thousand edges lists the sick ones first and sums all up")
  void tenThousand() {
    for (int n = 0; n < 10_000; n++) {
      String name = "site-" + n;
      String process = "p" + n;
      String fault = n == 4_321 ? "connection refused" : "";
      EdgeLink link = edges.connected(name, "e");
      tell(
          link,
          role("source", "spillway-" + name, process, fault, 0),
          role("batcher", name, process, "", n == 9_999 ? 0 : 3),
          role("uplink", name, process, "", 0));
      if (n % 1_000 == 999) {
        pipeline.tick(); // another second, with room for so many statuses
      }
    }
    later(2_000);
    JsonObject picture = picture();
    assertThat(picture.getString("state")).isEqualTo("failing");
    assertThat(picture.getJsonArray("edges")).hasSize(50);
    assertThat(picture.getJsonArray("edges").getJsonObject(0).getString("edge"))
        .isEqualTo("site-4321");
    JsonObject totals = picture.getJsonObject("totals");
    assertThat(totals.getInteger("edges")).isEqualTo(10_000);
    assertThat(totals.getJsonObject("queue").getInteger("records")).isEqualTo(29_997);
    assertThat(totals.getJsonObject("states").getInteger("failing")).isEqualTo(1);
    JsonObject found = pipeline.json("SITE-777", 1, 200);
    assertThat(found.getInteger("matching")).as("itself and ten more").isEqualTo(11);
    assertThat(found.getJsonArray("edges")).hasSize(10);
  }

  /** So many milliseconds go by, and in each second of them the board looks. */
  private void later(long ms) {
    for (long left = ms; left > 0; left -= 1_000) {
      time.pass(Duration.ofMillis(Math.min(left, 1_000)));
      board.tick();
    }
  }

  private double count(String outcome) {
    return registry.counter("spillway.ingest.status", "outcome", outcome).count();
  }

  private void tell(EdgeLink link, RoleState... roles) {
    link.status(Texts.utf8(Wire.encode(new Status(List.of(roles)))));
  }

  private JsonObject picture() {
    return pipeline.json("", 0, 50);
  }

  private JsonObject onlyEdge() {
    JsonObject picture = picture();
    assertThat(picture.getJsonArray("edges")).as(picture.encode()).hasSize(1);
    return picture.getJsonArray("edges").getJsonObject(0);
  }

  private static String state(JsonObject edge, int stage) {
    return edge.getJsonArray("stages").getJsonObject(stage).getString("state");
  }

  private static RoleState spool(String edge, long carried, long acknowledged) {
    Map<String, Long> counters = Map.of("carried", carried, "acknowledged", acknowledged);
    return new RoleState("batcher", edge, edge, Fault.NONE, 0, 0, counters, LastFault.NONE);
  }

  private static RoleState role(
      String role, String instance, String process, String fault, long waiting) {
    return new RoleState(
        role,
        instance,
        process,
        Fault.told("disk", fault),
        waiting,
        0,
        Map.of("queued", waiting),
        LastFault.NONE);
  }
}
