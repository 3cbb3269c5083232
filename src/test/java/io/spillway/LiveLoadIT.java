package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Feed;
import io.spillway.kit.Http;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.Watcher;
import io.spillway.kit.Watchers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The live hub under load")
class LiveLoadIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();
  private Watchers watchers;
  private Spillway server;

  @BeforeEach
  void prepare() {
    watchers = site.own(new Watchers());
    server = Spillway.server(site).set("server.live.anonymous", true);
  }

  @Test
  @Proof
  @DisplayName("shows 2,000 subscribers every record once and in order")
  void twoThousand() throws Exception {
    server.start();
    List<Watcher> all = watchers.open(server.wsUrl(), 2_000, 0);
    Feed feed = site.own(Feed.into(server));
    feed.rate(100);
    all.get(0).awaitOffset(500, SOON);
    long end = feed.end();

    assertThat(end).isGreaterThanOrEqualTo(500);
    for (Watcher each : all) {
      each.awaitOffset(end, SOON);
    }
    assertComplete(all, 1, end);
    assertThat(stats().getInteger("active_connections")).isEqualTo(2_000);
    assertThat(stats().getJsonObject("deliveries").getLong("records")).isEqualTo(2_000 * end);
    assertThat(stats().getInteger("slow_disconnects")).isZero();
  }

  @Test
  @Proof
  @DisplayName("replays from the first record while 5,000 a second come in, and misses nothing")
  void replayUnderLoad() throws Exception {
    long seed = System.nanoTime();
    System.out.println("LiveLoadIT.replayUnderLoad: seed " + seed);
    Random random = new Random(seed);
    server.set("server.journal.segmentBytes", 65_536 * 16).start(); // several, compressed
    Feed feed = site.own(Feed.into(server)).send(20_000);
    List<Watcher> beside = watchers.open(server.wsUrl(), 5, 0);
    Delays delays = new Delays();
    beside.get(0).looking(delays::look);
    long before = feed.acknowledged();
    feed.rate(5_000);

    List<Watcher> late = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
      boolean inUrl = random.nextBoolean();
      Watcher watcher =
          watchers.open(server.wsUrl() + (inUrl ? "?since=1" : "?topics=nothing-yet"));
      late.add(inUrl ? watcher : watcher.subscribe(1, "measurements"));
    }
    for (Watcher each : late) {
      each.awaitOffset(feed.acknowledged(), SOON);
    }
    JsonObject during = stats().getJsonObject("replays");
    long end = feed.end();
    late.forEach(each -> each.awaitOffset(end, SOON));
    beside.forEach(each -> each.awaitOffset(end, SOON));

    System.out.println("LiveLoadIT.replayUnderLoad: live beside replays " + delays + during);
    assertComplete(late, 1, end);
    assertComplete(beside, before + 1, end);
    assertThat(server.dataDir().toFile().list())
        .anyMatch(name -> name.endsWith(".gz"))
        .hasSizeGreaterThan(4);
    assertThat(stats().getJsonObject("replays").getInteger("active")).isZero();
    assertThat(stats().getInteger("slow_disconnects")).isZero();
  }

  private JsonObject stats() throws Exception {
    return new JsonObject(Http.get(server.httpUrl() + "/ws/stats").body());
  }

  static void assertComplete(List<Watcher> watchers, long first, long end) {
    for (Watcher each : watchers) {
      assertThat(each.faults()).isEmpty();
      assertThat(each.first()).isEqualTo(first);
      assertThat(each.last()).isEqualTo(end);
      assertThat(each.count()).isEqualTo(end - first + 1);
    }
  }

  /** How long records were on their way, from the feed to a watcher. */
  static final class Delays {
    private long[] nanos = new long[1 << 16];
    private int count;

    void look(String record) {
      int at = record.indexOf("\"at\":") + 5;
      long sent = Long.parseLong(record.substring(at, record.indexOf(',', at)));
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, count * 2);
      }
      nanos[count++] = System.nanoTime() - sent;
    }

    @Override
    public String toString() {
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return "p50 %.1f ms, p99 %.1f ms, max %.1f ms of %,d "
          .formatted(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), count);
    }

    private static double at(long[] sorted, double share) {
      int index = (int) Math.min(sorted.length - 1, Math.floor(sorted.length * share));
      return sorted.length == 0 ? 0 : sorted[index] / 1e6;
    }
  }
}
