package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Feed;
import io.spillway.kit.Http;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.spillway.kit.Watcher;
import io.spillway.kit.Watchers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The live hub when clients or the server fail")
class LiveFaultsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int RSS_MB_MAX = 400;

  @RegisterExtension final Site site = new Site();
  private Watchers watchers;
  private Spillway server;

  @BeforeEach
  void prepare() {
    watchers = site.own(new Watchers());
    server = Spillway.server(site).set("server.live.anonymous", true);
  }

  @Test
  @DisplayName("loses nothing for 200 subscribers that come back after kill -9 of the server")
  void serverKilled() {
    server.start();
    List<Watcher> before = watchers.open(server.wsUrl(), 200, 0);
    Feed feed = site.own(Feed.into(server).rate(1_000));
    before.get(0).awaitOffset(1_500, SOON);
    server.kill9();
    Await.until("all have noticed", SOON, () -> before.stream().allMatch(Watcher::isGone));
    server.start();
    List<Watcher> after = new ArrayList<>();
    for (Watcher each : before) {
      after.add(watchers.open(server.wsUrl() + "?since=" + (each.last() + 1)));
    }
    after.get(0).awaitOffset(before.get(0).last() + 3_000, SOON);
    long end = feed.end();

    for (int i = 0; i < after.size(); i++) {
      after.get(i).awaitOffset(end, SOON);
      assertThat(before.get(i).faults()).isEmpty();
      assertThat(before.get(i).first()).isEqualTo(1);
      assertThat(after.get(i).first()).isEqualTo(before.get(i).last() + 1);
    }
    LiveLoadIT.assertComplete(after.subList(0, 1), before.get(0).last() + 1, end);
    assertThat(after).allSatisfy(each -> assertThat(each.faults()).isEmpty());
    assertThat(server.stored().records()).hasSize((int) end);
  }

  @Test
  @DisplayName("closes a client that does not read with 4408, and the others notice nothing")
  void oneDoesNotRead() throws Exception {
    server.set("server.live.queueBytes", 65_536).start();
    List<Watcher> others = watchers.open(server.wsUrl(), 5, 0);
    Watcher stuck = watchers.open(server.wsUrl(), 16_384);
    stuck.reading(false);
    Feed feed = site.own(fat(500)).rate(3_000);
    Await.until("it is closed", SOON, () -> stats().getInteger("slow_disconnects") == 1);
    stuck.reading(true);
    Await.until("it is told why", SOON, () -> stuck.closeCode() == 4408);
    long end = feed.end();

    others.forEach(each -> each.awaitOffset(end, SOON));
    LiveLoadIT.assertComplete(others, 1, end);
    assertThat(stuck.faults()).isEmpty();
    assertThat(stuck.first()).isEqualTo(1);
    assertThat(metric("spillway_live_closed_total{code=\"4408\"}")).isEqualTo(1);
    Watcher again = watchers.open(server.wsUrl() + "?since=" + (stuck.last() + 1));
    again.awaitOffset(end, SOON);
    LiveLoadIT.assertComplete(List.of(again), stuck.last() + 1, end);
  }

  @ParameterizedTest(name = "queueBytes {0}, each with a choice of its own: {1}")
  @Proof
  @DisplayName("stays small with 500 clients that never read, and goes on serving")
  @CsvSource({"65536,false", "1048576,true"})
  void manyDoNotRead(int queueBytes, boolean apart) throws Exception {
    server.set("server.live.queueBytes", queueBytes).start();
    List<Watcher> stuck = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String topics = apart ? "?topics=measurements,own-" + i : "?topics=measurements";
      Watcher each = watchers.open(server.wsUrl() + topics, 16_384);
      each.reading(false);
      stuck.add(each);
    }
    Watcher reader = watchers.open(server.wsUrl());
    Delay delay = new Delay();
    Feed feed = site.own(fat(300)).rate(1_500);
    long rssMb = 0;
    while (stats().getInteger("slow_disconnects") < stuck.size() && delay.isShort()) {
      rssMb = Math.max(rssMb, server.proc().rssKb() / 1024);
    }
    long end = feed.end();

    System.out.printf(
        "LiveFaultsIT.manyDoNotRead(%d, %b): at most %d MB, %d closed after %d records%n",
        queueBytes, apart, rssMb, stats().getInteger("slow_disconnects"), end);
    reader.awaitOffset(end, SOON);
    LiveLoadIT.assertComplete(List.of(reader), 1, end);
    assertThat(stats().getInteger("slow_disconnects")).isEqualTo(stuck.size());
    assertThat(rssMb).isLessThan(RSS_MB_MAX);
    assertThat(server.proc().output()).doesNotContain("OutOfMemory", "OutOfDirectMemory");
  }

  /** So long the loop may go on. */
  private static final class Delay {
    private final long deadline = System.nanoTime() + SOON.toNanos();

    boolean isShort() {
      return System.nanoTime() < deadline;
    }
  }

  @Test
  @Proof
  @DisplayName("lets a client that reads slowly but steadily go on from the journal")
  void slowButSteady() throws Exception {
    server.set("server.live.queueBytes", 65_536).start();
    Watcher slow = watchers.open(server.wsUrl(), 16_384);
    slow.reading(false);
    Feed feed = site.own(fat(500)).rate(2_000);
    Await.until("it falls behind", SOON, () -> readSlowly(slow) && behind() > 0);
    Await.until("and further", SOON, () -> readSlowly(slow) && feed.acknowledged() > 30_000);
    long end = feed.end();
    slow.reading(true);
    slow.awaitOffset(end, SOON);

    LiveLoadIT.assertComplete(List.of(slow), 1, end);
    assertThat(slow.isGone()).isFalse();
    assertThat(stats().getInteger("slow_disconnects")).isZero();
  }

  private static boolean readSlowly(Watcher watcher) {
    watcher.readOnce();
    return true;
  }

  private double behind() throws Exception {
    return metric("spillway_live_behind_total");
  }

  @Proof
  @Test
  @DisplayName("keeps no pongs for a client that pings and does not read")
  void pingsAndDoesNotRead() throws Exception {
    server.start();
    Watcher asks = watchers.open(server.wsUrl() + "?topics=none", 16_384);
    asks.reading(false);
    long before = server.proc().rssKb();
    for (int i = 0; i < 100; i++) {
      asks.ping(10_000, 125);
    }
    assertThat(stats().getInteger("active_connections")).isLessThanOrEqualTo(1);
    long moreMb = (server.proc().rssKb() - before) / 1024;
    System.out.println("LiveFaultsIT.pingsAndDoesNotRead: " + moreMb + " MB more");
    assertThat(moreMb).isLessThan(100);
  }

  @Proof
  @Test
  @DisplayName("notices half-open clients within the idle time")
  void halfOpen() throws Exception {
    server.set("server.live.pingMs", 300).set("server.live.idleMs", 1_500).start();
    TcpProxy proxy = site.own(new TcpProxy(server.port()));
    Watcher alive = watchers.open(server.wsUrl());
    watchers.open("ws://127.0.0.1:" + proxy.port() + "/ws", 20, 0);
    assertThat(clients()).isEqualTo(21);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3)); // they answer pings, and so they stay
    assertThat(clients()).isEqualTo(21);
    proxy.freeze();
    Await.until("the dead are gone", SOON, () -> clients() == 1);

    Feed feed = site.own(Feed.into(server)).send(100);
    alive.awaitOffset(feed.end(), SOON);
    assertThat(metric("spillway_live_idle_total")).isEqualTo(20);
    assertThat(stats().getInteger("active_connections")).isEqualTo(1);
  }

  private Feed fat(int bytes) {
    return new Feed(server.wsUrl() + "?token=" + Spillway.TOKEN, "feed", bytes);
  }

  private int clients() throws Exception {
    String health = Http.get(server.httpUrl() + "/health").body();
    return new JsonObject(health).getInteger("connectedClients");
  }

  private JsonObject stats() throws Exception {
    return new JsonObject(Http.get(server.httpUrl() + "/ws/stats").body());
  }

  private double metric(String name) throws Exception {
    return Http.get(server.httpUrl() + "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
