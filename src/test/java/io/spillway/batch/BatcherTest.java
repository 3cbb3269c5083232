package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static io.spillway.message.Texts.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.KillImage;
import io.spillway.bus.Arrival;
import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.ReadOn;
import io.spillway.bus.RoleState;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.config.WhenFull;
import io.spillway.journal.Damages;
import io.spillway.kit.Await;
import io.spillway.kit.Heard;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.redelivery.Habit;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The batcher")
@ExtendWith(VertxExtension.class)
class BatcherTest {
  private static final Duration AT_ONCE = Duration.ofMillis(10);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final long MEGABYTE = 1 << 20;
  private static final ReadOn FIRST = new ReadOn(1, Habit.UNKNOWN, 0);

  @TempDir Path temp;
  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StandIn uplink = new StandIn();
  private final UplinkConfig uplinkConfig = impatient(Duration.ofMillis(1));
  private TimeSource time = TimeSource.SYSTEM;
  private final AtomicLong chunkIds = new AtomicLong();
  private Path dir;
  private String deployment;

  /** What the uplink was asked to forward, with the promise of its answer. */
  private record Asked(Batch batch, Promise<Long> answer) {
    void acknowledge() {
      answer.complete(batch.next());
    }
  }

  /** Hands what the batcher forwards over to the test. */
  private static final class StandIn extends VerticleBase {
    final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final List<Asked> all = new ArrayList<>();
    private boolean acknowledging;
    private MessageConsumer<Batch> consumer;

    @Override
    public Future<?> start() {
      consumer =
          Channels.batchForward("pi")
              .answer(
                  vertx,
                  batch -> {
                    Promise<Long> answer = Promise.promise();
                    if (batch.lines().isEmpty()) {
                      return Future.succeededFuture(
                          batch.forwarded(batch.next(), true, batch.next()));
                    }
                    Asked one = new Asked(batch, answer);
                    if (acknowledging) {
                      one.acknowledge();
                    } else {
                      all.add(one);
                      asked.add(one);
                    }
                    return answer.future().map(next -> batch.forwarded(next, true, next));
                  });
      return consumer.completion();
    }

    /** From now on the server has everything, or a batcher that stops would wait for it. */
    void acknowledgeAll() {
      context.runOnContext(
          now -> {
            acknowledging = true;
            all.forEach(one -> one.answer().tryComplete(one.batch().next()));
          });
    }

    void acknowledgeNoMore() {
      await(
          Future.future(
              done ->
                  context.runOnContext(
                      now -> {
                        acknowledging = false;
                        all.clear();
                        asked.clear();
                        done.complete();
                      })));
    }

    Asked nextBatch() throws InterruptedException {
      return next(asked);
    }
  }

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    dir = temp.resolve("spool");
    Channels.register(vertx);
    await(vertx.deployVerticle(uplink));
  }

  @AfterEach
  void close() {
    Future<Void> closed = deployment == null ? Future.succeededFuture() : stop();
    await(closed);
  }

  @Test
  @DisplayName("answers a chunk when it is on disk, as records with its edge, epoch and number")
  void stores() throws Exception {
    start(NEVER, 100);
    assertThat(await(hand("{\"a\":1}", "{\"b\":2}"))).isTrue();
    SpoolIdentity identity = SpoolIdentity.read(dir, new Damages()).orElseThrow().value();
    assertThat(Files.readString(dir.resolve("spool.ndjson")))
        .contains(
            "{\"a\":1,\"_id\":\"pi." + identity.epoch() + ".1\"}\n",
            "{\"b\":2,\"_id\":\"pi." + identity.epoch() + ".2\"}\n");
  }

  @Test
  @DisplayName("sends a batch as soon as it is full, long before its interval")
  void full() throws Exception {
    start(NEVER, 3);
    await(hand(records(1, 2)));
    assertThat(uplink.asked).isEmpty();
    await(hand(records(3, 7)));
    Asked first = uplink.nextBatch();
    Asked second = uplink.nextBatch();
    assertThat(first.batch().first()).isEqualTo(1);
    assertThat(numbers(first)).containsExactly(1, 2, 3);
    assertThat(second.batch().first()).isEqualTo(4);
    assertThat(numbers(second)).containsExactly(4, 5, 6);
    assertThat(uplink.asked).isEmpty();
    first.acknowledge();
    second.acknowledge();
  }

  @Test
  @DisplayName("sends a batch that is not full when its interval is over")
  void interval() throws Exception {
    start(Duration.ofMillis(50), 100);
    long before = System.nanoTime();
    await(hand(records(1, 2)));
    Asked asked = uplink.nextBatch();
    assertThat(numbers(asked)).containsExactly(1, 2);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(45));
    asked.acknowledge();
  }

  @Test
  @DisplayName("sends a batch when its interval is over although the clock was set back by a day")
  void clockSetBack() throws Exception {
    AtomicLong setBackMs = new AtomicLong();
    time =
        new TimeSource() {
          @Override
          public long wallMs() {
            return SYSTEM.wallMs() - setBackMs.get();
          }

          @Override
          public long nanoTime() {
            return SYSTEM.nanoTime();
          }
        };
    start(Duration.ofMillis(50), 100);
    await(hand(records(1, 1)));
    uplink.nextBatch().acknowledge();
    await(hand(records(2, 2)));
    setBackMs.set(Duration.ofDays(1).toMillis());
    for (int n = 2; n <= 4; n++) {
      Asked asked = uplink.nextBatch();
      assertThat(numbers(asked)).containsExactly(n);
      asked.acknowledge();
      await(hand(records(n + 1, n + 1)));
    }
  }

  @Test
  @DisplayName("sends no more bytes in a batch than it may, but a longer record alone")
  void bytes() throws Exception {
    start(AT_ONCE, 100);
    String half = "\"" + "x".repeat(140_000) + "\"";
    await(hand("{\"n\":1,\"f\":" + half + "}", "{\"n\":2,\"f\":" + half + "}"));
    assertThat(numbers(uplink.nextBatch())).containsExactly(1);
    assertThat(numbers(uplink.nextBatch())).containsExactly(2);
    await(hand("{\"n\":3,\"f\":\"" + "x".repeat(300_000) + "\"}"));
    assertThat(numbers(uplink.nextBatch())).containsExactly(3);
  }

  @Test
  @DisplayName("forwards every record once and in order while all is acknowledged")
  void inOrder() throws Exception {
    start(AT_ONCE, 7);
    List<Integer> got = new ArrayList<>();
    for (int first = 1; first <= 500; first += 5) {
      await(hand(records(first, first + 4)));
    }
    while (got.size() < 500) {
      Asked asked = uplink.nextBatch();
      assertThat(asked.batch().first()).isEqualTo(got.size() + 1);
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    assertThat(got).isEqualTo(IntStream.rangeClosed(1, 500).boxed().toList());
  }

  @Test
  @DisplayName("sends the same records again when the uplink fails, from the acknowledged on")
  void again() throws Exception {
    start(AT_ONCE, 2);
    await(hand(records(1, 6)));
    Asked first = uplink.nextBatch();
    Asked second = uplink.nextBatch();
    uplink.nextBatch();
    first.acknowledge();
    second.answer().fail(BusFailure.UNAVAILABLE.because("link down"));

    Asked retried = uplink.nextBatch();
    assertThat(retried.batch().first()).isEqualTo(3);
    assertThat(texts(retried.batch().lines())).isEqualTo(texts(second.batch().lines()));
    assertThat(retried.batch().oldest()).isEqualTo(3);
    assertThat(numbers(uplink.nextBatch())).containsExactly(5, 6);
  }

  @Test
  @DisplayName("begins again at once at a gap")
  void gap() throws Exception {
    start(AT_ONCE, 2);
    await(hand(records(1, 2)));
    uplink.nextBatch().answer().fail(BusFailure.GAP.because("expected 1"));
    assertThat(numbers(uplink.nextBatch())).containsExactly(1, 2);
  }

  @Test
  @DisplayName("sends the rest again of a batch that was acknowledged in part")
  void inPart() throws Exception {
    start(AT_ONCE, 4);
    await(hand(records(1, 8)));
    Asked first = uplink.nextBatch();
    Asked second = uplink.nextBatch();
    first.answer().complete(3L);
    second.answer().complete(3L);
    Asked rest = uplink.nextBatch();
    assertThat(numbers(rest)).containsExactly(3, 4, 5, 6);
    assertThat(rest.batch().oldest()).isEqualTo(3);
    assertThat(numbers(uplink.nextBatch())).containsExactly(7, 8);
  }

  @Test
  @DisplayName("sets only the record aside that is too large for the server, and goes on")
  void setAside() throws Exception {
    start(AT_ONCE, 4);
    await(hand(records(1, 4)));
    uplink.nextBatch().answer().complete(3L);
    uplink.nextBatch().answer().fail(BusFailure.TOO_LARGE.because("record 3 is too large"));
    Asked next = uplink.nextBatch();
    assertThat(numbers(next)).containsExactly(4);
    assertThat(next.batch().oldest()).isEqualTo(4);
    String line = Files.readAllLines(dir.resolve("rejected.ndjson")).get(0);
    io.vertx.core.json.JsonObject rejected = new io.vertx.core.json.JsonObject(line);
    assertThat(rejected.getString("reason")).isEqualTo("record 3 is too large");
    assertThat(rejected.getString("topic")).endsWith(".3");
    assertThat(new String(rejected.getBinary("payload"), java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("{\"n\":3,");
    assertThat(Files.readAllLines(dir.resolve("rejected.ndjson"))).hasSize(1);
  }

  @Test
  @DisplayName("tells of records that it sets aside once in a while, not of each")
  void setAsideTold() throws Exception {
    try (Heard heard = new Heard("io.spillway.batch.SpoolReader")) {
      start(AT_ONCE, 1);
      for (int n = 1; n <= 4; n++) { // one by one: no other is under way
        await(hand(records(n, n)));
        uplink.nextBatch().answer().fail(BusFailure.TOO_LARGE.because("record " + n));
        int aside = n; // not under way any more when the next comes
        Await.until(
            "it is set aside",
            SOON,
            () -> registry.counter("spillway.spool.rejected").count() == aside);
      }
      await(hand(records(5, 5)));
      assertThat(numbers(uplink.nextBatch())).containsExactly(5);
      assertThat(heard.lines()).containsExactly("WARN [spool] record 1: kept in rejected.ndjson");
    }
  }

  @Test
  @DisplayName("goes on where the server is if that is ahead of the batch")
  void serverAhead() throws Exception {
    start(NEVER, 2);
    await(hand(records(1, 8)));
    Asked first = uplink.nextBatch();
    first.answer().complete(7L);
    Asked asked = uplink.nextBatch();
    while (asked.batch().first() < 7) {
      asked = uplink.nextBatch(); // asked for before the answer came
    }
    assertThat(numbers(asked)).containsExactly(7, 8);
    asked.acknowledge();
    await(hand(records(9, 10)));
    assertThat(numbers(uplink.nextBatch())).containsExactly(9, 10);
  }

  @Test
  @DisplayName("sends what waits under new numbers when the server knows more than were given out")
  void serverBeyondTheEnd() throws Exception {
    start(AT_ONCE, 100);
    await(hand(records(1, 3)));
    Asked first = uplink.nextBatch();
    String before = first.batch().epoch();
    first.acknowledge();
    await(hand(records(4, 6)));
    Asked ahead = uplink.nextBatch();
    ahead.answer().fail(BusFailure.AHEAD.because("it is at 99"));
    handUntilTaken(records(7, 8));

    List<Integer> got = new ArrayList<>();
    while (got.size() < 5) {
      Asked asked = uplink.nextBatch();
      assertThat(asked.batch().epoch()).isNotEqualTo(before);
      assertThat(asked.batch().origin().key()).isNotEqualTo(first.batch().origin().key());
      assertThat(asked.batch().first()).isEqualTo(got.size() + 1);
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    assertThat(got).containsExactly(4, 5, 6, 7, 8);
    assertThat(registry.counter("spillway.source.possible.duplicates").count())
        .as("what waited, and perhaps what came meanwhile")
        .isBetween(3.0, 5.0);
    Await.until(
        "the ledger balances",
        SOON,
        () -> registry.get("spillway.spool.waiting").gauge().value() == 0);
    assertThat(registry.counter("spillway.spool.acknowledged").count()).isEqualTo(8);
    crash();
    start(AT_ONCE, 100);
    await(hand(records(9, 9)));
    assertThat(numbersUpTo(9)).endsWith(9);
  }

  @Test
  @DisplayName("lets go of segments that are acknowledged, and never of others")
  void releases() throws Exception {
    start(AT_ONCE, 1_000, WhenFull.BLOCK, MEGABYTE, 4_096);
    for (int n = 1; n <= 50; n++) {
      await(hand(large(n)));
    }
    assertThat(segments()).hasSizeGreaterThan(5);
    Asked all = uplink.nextBatch();
    int before = segments().size();
    List<Integer> got = new ArrayList<>(numbers(all));
    all.acknowledge();
    while (got.size() < 50) {
      Asked more = uplink.nextBatch();
      got.addAll(numbers(more));
      more.acknowledge();
    }
    assertThat(got).isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
    await(stop());
    assertThat(segments()).hasSizeLessThan(before);
  }

  @Test
  @DisplayName("goes on after a restart with the same epoch and the next number")
  void restart() throws Exception {
    start(NEVER, 3);
    await(hand(records(1, 3)));
    Asked first = uplink.nextBatch();
    String epoch = first.batch().epoch();
    first.acknowledge();
    await(hand(records(4, 5)));
    crash();

    start(AT_ONCE, 100);
    await(hand(records(6, 6)));
    List<Integer> got = new ArrayList<>();
    while (!got.contains(6)) {
      Asked asked = uplink.nextBatch();
      assertThat(asked.batch().epoch()).isEqualTo(epoch);
      assertThat(texts(asked.batch().lines()).get(0))
          .endsWith("\"_id\":\"pi." + epoch + '.' + asked.batch().first() + "\"}");
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    assertThat(got).endsWith(4, 5, 6).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName(
      "sends what waits of an epoch put aside before anything newer, and takes in meanwhile")
  void olderEpochFirst() throws Exception {
    start(NEVER, 3);
    await(hand(records(1, 8)));
    String older = uplink.nextBatch().batch().epoch();
    crash();
    Files.delete(dir.resolve(AcknowledgedPosition.FILE));

    start(AT_ONCE, 3);
    await(hand(records(9, 11)));
    List<Integer> got = new ArrayList<>();
    while (got.size() < 11) {
      Asked asked = uplink.nextBatch();
      boolean isOlder = asked.batch().epoch().equals(older);
      assertThat(isOlder).as("after " + got).isEqualTo(got.size() < 8);
      got.addAll(numbers(asked));
      if (isOlder) {
        await(hand()); // it has had its turn since
        assertThat(uplink.asked).allMatch(more -> more.batch().epoch().equals(older));
      }
      asked.acknowledge();
    }
    assertThat(got).isEqualTo(IntStream.rangeClosed(1, 11).boxed().toList());
    Await.until("removed", SOON, () -> Retirement.directories(dir).isEmpty());
  }

  @Test
  @DisplayName("sends all under new numbers, in order, when an older epoch cannot be gone on with")
  void olderEpochRefused() throws Exception {
    start(NEVER, 3);
    await(hand(records(1, 8)));
    uplink.nextBatch();
    crash();
    for (String lost : List.of(AcknowledgedPosition.FILE, "key.json", "key.copy.json")) {
      Files.delete(dir.resolve(lost));
    }

    start(AT_ONCE, 3);
    Asked refused = uplink.nextBatch();
    String older = refused.batch().epoch();
    assertThat(refused.batch().origin().key()).isNull();
    await(hand(records(9, 11)));
    refused.answer().fail(BusFailure.AHEAD.because("the server knows a key of it"));
    handUntilTaken(records(12, 13));
    List<Integer> got = new ArrayList<>();
    while (got.size() < 13) {
      Asked asked = uplink.nextBatch();
      if (!asked.batch().epoch().equals(older)) { // those were on their way
        assertThat(asked.batch().origin().key()).isNotNull();
        got.addAll(numbers(asked));
        asked.acknowledge();
      }
    }
    assertThat(got).isEqualTo(IntStream.rangeClosed(1, 13).boxed().toList());
    assertThat(registry.counter("spillway.source.possible.duplicates").count())
        .as("what waited, and perhaps what came meanwhile")
        .isBetween(11.0, 13.0);
    assertThat(Retirement.directories(dir)).isEmpty();
  }

  @Test
  @DisplayName("recognises, also after a crash, what the broker delivers again")
  void redelivered() throws Exception {
    start(NEVER, 100);
    await(hand(chunk(false, lines("{\"n\":1}", "{\"n\":2}"), arrivals(11, false, 12, false))));
    crash();
    start(AT_ONCE, 100);
    Chunk next = chunk(false, lines("{\"n\":2}", "{\"n\":3}"), arrivals(12, true, 13, true));
    await(hand(readOn(next, new ReadOn(2, Habit.RISES, 0))));
    assertThat(numbersUpTo(3)).containsExactly(1, 2, 3);
    assertThat(registry.counter("spillway.spool.redelivered").count()).isEqualTo(1);
  }

  @Test
  @DisplayName("never fills a small spool with what it remembers while the server keeps up")
  void smallSpool() throws Exception {
    uplink.acknowledgeAll();
    start(AT_ONCE, 100, WhenFull.BLOCK, 65_536, 4_096);
    for (int first = 1; first <= 12_000; first += 20) {
      List<Arrival> arrivals =
          IntStream.range(first, first + 20)
              .mapToObj(id -> new Arrival(id, id * 7L, false, 1))
              .toList();
      Chunk chunk = chunk(false, lines(records(first, first + 19)), arrivals);
      Await.until("room", Duration.ofSeconds(10), () -> hand(chunk).otherwise(false).await());
    }
    assertThat(registry.counter("spillway.spool.records").count()).isEqualTo(12_000);
  }

  @Test
  @DisplayName("stores a chunk once that comes twice because its answer was lost")
  void chunkTwice() throws Exception {
    start(AT_ONCE, 100);
    Chunk chunk = chunk(false, lines("{\"n\":1}"), List.of(new Arrival(0, 0, false, 1)));
    await(hand(chunk));
    await(hand(chunk.repeated()));
    await(hand(records(2, 2)));
    assertThat(numbersUpTo(2)).containsExactly(1, 2);
  }

  @Test
  @DisplayName("keeps what is no record aside, and answers when that is on disk")
  void rejected() throws Exception {
    start(NEVER, 100);
    Chunk chunk =
        new Chunk(
            1,
            false,
            Lines.NONE,
            List.of(new Arrival(1, 11, false, 0)),
            List.of(new Rejected("a/b", 0, "not JSON", new byte[] {1, 2}, 2)),
            false,
            FIRST);
    assertThat(await(hand(chunk))).isTrue();
    assertThat(Files.readAllLines(dir.resolve("rejected.ndjson")))
        .singleElement()
        .asString()
        .contains("\"topic\":\"a/b\"", "\"payload\":\"AQI=\"");
    assertThat(registry.counter("spillway.spool.rejected").count()).isEqualTo(1);
  }

  @Test
  @DisplayName("refuses when the spool is full and takes again when there is room")
  void block() throws Exception {
    start(AT_ONCE, 1_000, WhenFull.BLOCK, 16_384, 4_096);
    int stored = 0;
    Throwable refused = null;
    while (refused == null) {
      Future<Boolean> taken =
          hand(large(stored + 1)).transform(t -> Future.succeededFuture(t.succeeded()));
      if (await(taken)) {
        stored++;
      } else {
        refused = failure(hand(large(stored + 1)));
      }
      assertThat(stored).isLessThan(100);
    }
    assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.FULL);
    assertThat(refused).hasMessageContaining("spool.maxBytes");
    assertThat(stored).isGreaterThan(5);

    List<Integer> got = new ArrayList<>();
    while (got.size() < stored) {
      Asked asked = uplink.nextBatch();
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    int last = stored + 1;
    while (!await(hand(large(last)).transform(t -> Future.succeededFuture(t.succeeded())))) {
      assertThat(deployment).isNotNull(); // room comes when the segments are deleted
    }
    assertThat(numbers(uplink.nextBatch())).containsExactly(last);
    assertThat(registry.counter("spillway.spool.dropped").count()).isZero();
  }

  @Test
  @DisplayName("drops the newest if told so, and counts them")
  void dropNewest() throws Exception {
    start(NEVER, 1_000, WhenFull.DROP_NEWEST, 16_384, 4_096);
    for (int n = 1; n <= 40; n++) {
      assertThat(await(hand(large(n)))).isTrue();
    }
    double dropped = registry.counter("spillway.spool.dropped").count();
    double kept = registry.counter("spillway.spool.records").count();
    assertThat(dropped).isPositive();
    assertThat(dropped + kept).isEqualTo(40);
    assertThat(registry.counter("spillway.spool.dropped.by", "policy", "DROP_NEWEST").count())
        .isEqualTo(dropped);
    Future<Void> stopping = vertx.undeploy(deployment);
    deployment = null;
    List<Integer> got = new ArrayList<>();
    while (got.size() < kept) {
      Asked asked = uplink.nextBatch();
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    await(stopping);
    assertThat(got).isEqualTo(IntStream.rangeClosed(1, (int) kept).boxed().toList());
  }

  @Test
  @DisplayName("drops the oldest if told so, counts them, and goes on behind the hole")
  void dropOldest() throws Exception {
    start(NEVER, 1_000, WhenFull.DROP_OLDEST, 16_384, 4_096);
    for (int n = 1; n <= 40; n++) {
      assertThat(await(hand(large(n)))).isTrue();
    }
    int dropped = (int) registry.counter("spillway.spool.dropped").count();
    assertThat(dropped).isPositive();
    Future<Void> stopping = vertx.undeploy(deployment);
    deployment = null;
    List<Integer> got = new ArrayList<>();
    while (!got.contains(40)) {
      Asked asked = uplink.nextBatch();
      if (asked.batch().oldest() <= dropped) {
        continue; // asked for to make room, before the last was dropped
      }
      if (got.isEmpty()) {
        assertThat(asked.batch().oldest()).isEqualTo(dropped + 1);
        assertThat(asked.batch().first()).isEqualTo(dropped + 1);
      }
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    await(stopping);
    assertThat(got).isEqualTo(IntStream.rangeClosed(dropped + 1, 40).boxed().toList());
  }

  @Test
  @DisplayName("has a ledger that balances: what came is acknowledged, dropped, or waits")
  void ledger() throws Exception {
    BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, states::add);
    start(AT_ONCE, 2, WhenFull.DROP_OLDEST, 16_384, 4_096);
    for (int n = 1; n <= 40; n++) {
      await(hand(large(n)));
    }
    uplink.acknowledgeAll();
    Map<String, Long> now = next(states).counters();
    while (now.get("received") != 40 || now.get("queued") > 0 || now.get("droppedUndecided") > 0) {
      now = next(states).counters();
    }
    double dropped = registry.counter("spillway.spool.dropped").count();
    double stored = registry.counter("spillway.spool.dropped.stored").count();
    assertThat(dropped).isPositive();
    assertThat(stored).as("under way when they were dropped").isEqualTo(dropped);
    assertThat(now.get("droppedOldest")).isZero().isEqualTo(now.get("dropped"));
    assertThat(now.get("carried") + now.get("received"))
        .isEqualTo(
            now.get("acknowledged")
                + now.get("setAside")
                + now.get("droppedOldest")
                + now.get("queued"));
  }

  @Test
  @DisplayName("passes a hole in the spool, and says what it still holds")
  void hole() throws Exception {
    start(NEVER, 1_000, WhenFull.BLOCK, MEGABYTE, 4_096);
    for (int n = 1; n <= 20; n++) {
      await(hand(large(n)));
    }
    crash();
    List<Path> segments = segments();
    Files.delete(segments.get(1)); // as when its sectors have died

    start(AT_ONCE, 1_000);
    List<Integer> got = new ArrayList<>();
    long lastOldest = 0;
    while (!got.contains(20)) {
      Asked asked = uplink.nextBatch();
      got.removeAll(numbers(asked));
      got.addAll(numbers(asked));
      lastOldest = asked.batch().oldest();
      asked.acknowledge();
    }
    assertThat(got).contains(1, 20).isSorted().hasSizeLessThan(20);
    assertThat(lastOldest).isGreaterThan(1);
  }

  @Test
  @DisplayName("gives nothing up that waits in a file somebody has renamed, and puts back")
  void putBack() throws Exception {
    BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, states::add);
    start(AT_ONCE, 2);
    await(hand(records(1, 4)));
    Asked first = uplink.nextBatch();
    uplink.nextBatch();
    Path file = dir.resolve("spool.ndjson");
    try (Heard heard = new Heard("io.spillway.batch.SpoolReader")) {
      Files.move(file, temp.resolve("elsewhere"));
      first.answer().fail(BusFailure.UNAVAILABLE.because("the link is down"));
      String words = faultOf(states);
      assertThat(words).startsWith(file.toString()).contains("put it back");
      assertThat(faultOf(states)).isEqualTo(words);
      assertThat(faultOf(states)).isEqualTo(words);
      assertThat(heard.lines()).singleElement().asString().contains(words);
    }
    Files.move(temp.resolve("elsewhere"), file);
    assertThat(numbersUpTo(4)).containsExactly(1, 2, 3, 4);
  }

  private static String faultOf(BlockingQueue<RoleState> states) throws InterruptedException {
    RoleState state = next(states);
    while (state.fault().isEmpty()) {
      state = next(states);
    }
    return state.fault().words();
  }

  @Test
  @DisplayName("tells the uplink of an idle edge, so that the server knows it")
  void announces() {
    Promise<Batch> announced = Promise.promise();
    Vertx other = Vertx.vertx();
    Channels.register(other);
    try {
      Channels.batchForward("pi")
          .answer(
              other,
              batch -> {
                announced.tryComplete(batch);
                return Future.succeededFuture(batch.forwarded(batch.next(), true, batch.next()));
              });
      await(other.deployVerticle(batcher(AT_ONCE, 100, WhenFull.BLOCK, MEGABYTE, 65_536)));
      Batch batch = await(announced.future());
      assertThat(batch.lines().isEmpty()).isTrue();
      assertThat(batch.edge()).isEqualTo("pi");
      assertThat(batch.first()).isEqualTo(1);
      assertThat(batch.oldest()).isEqualTo(1);
    } finally {
      await(other.close());
    }
  }

  // --- what the tests are made of

  /** Of a batcher that takes a server for gone which acknowledges nothing for so long. */
  private static UplinkConfig impatient(Duration ackTimeout) {
    return new UplinkConfig(
        null, null, UplinkMode.AUTO, AT_ONCE, AT_ONCE, ackTimeout, AT_ONCE, AT_ONCE, false, null);
  }

  private void start(Duration interval, int maxRecords) {
    start(interval, maxRecords, WhenFull.BLOCK, MEGABYTE, 65_536);
  }

  private void start(
      Duration interval, int maxRecords, WhenFull whenFull, long maxBytes, long segmentBytes) {
    deployment =
        await(
            vertx.deployVerticle(batcher(interval, maxRecords, whenFull, maxBytes, segmentBytes)));
  }

  private Batcher batcher(
      Duration interval, int maxRecords, WhenFull whenFull, long maxBytes, long segmentBytes) {
    SpoolConfig spool = new SpoolConfig(dir, maxBytes, segmentBytes, Duration.ZERO, whenFull);
    BatchConfig batch = new BatchConfig(interval, maxRecords, 262_144);
    return new Batcher(new EdgeConfig("pi", null, spool, batch, uplinkConfig), registry, time);
  }

  /** Stops the batcher while the uplink acknowledges whatever it is asked. */
  private Future<Void> stop() {
    Future<Void> stopping = vertx.undeploy(deployment);
    deployment = null;
    uplink.acknowledgeAll();
    return stopping;
  }

  /** What is on disk now is what a kill leaves: the next start finds a copy of it. */
  private void crash() throws Exception {
    Path copy = temp.resolve("copy");
    KillImage.copy(dir, copy);
    await(stop());
    uplink.acknowledgeNoMore();
    dir = copy;
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .filter(file -> file.getFileName().toString().matches("spool-\\d+\\.ndjson"))
          .sorted()
          .toList();
    }
  }

  /** As a source does that is refused for a moment. */
  private void handUntilTaken(String... records) {
    AtomicReference<Future<Boolean>> asked = new AtomicReference<>(hand(records));
    Await.until(
        "taken",
        SOON,
        () -> {
          if (asked.get().failed()) {
            asked.set(hand(records));
          }
          return asked.get().succeeded();
        });
  }

  private Future<Boolean> hand(String... records) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < records.length; i++) {
      arrivals.add(new Arrival(0, 0, false, 1));
    }
    return hand(chunk(false, lines(records), arrivals));
  }

  private Future<Boolean> hand(Chunk chunk) {
    return Channels.readingIn("pi").request(vertx, chunk);
  }

  private Chunk chunk(boolean again, Lines lines, List<Arrival> arrivals) {
    return new Chunk(chunkIds.addAndGet(1L << 32), again, lines, arrivals, List.of(), false, FIRST);
  }

  private static Chunk readOn(Chunk chunk, ReadOn readOn) {
    return new Chunk(
        chunk.id(),
        chunk.again(),
        chunk.lines(),
        chunk.arrivals(),
        chunk.rejected(),
        chunk.newSession(),
        readOn);
  }

  private static List<Arrival> arrivals(long one, boolean dup, long two, boolean dupToo) {
    return List.of(new Arrival((int) one, one, dup, 1), new Arrival((int) two, two, dupToo, 1));
  }

  private static String[] records(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(n -> "{\"n\":" + n + "}")
        .toArray(String[]::new);
  }

  private static String large(int n) {
    return "{\"n\":" + n + ",\"f\":\"" + "x".repeat(1_000) + "\"}";
  }

  private List<Integer> numbersUpTo(int last) throws InterruptedException {
    List<Integer> got = new ArrayList<>();
    while (!got.contains(last)) {
      Asked asked = uplink.nextBatch();
      got.addAll(numbers(asked));
      asked.acknowledge();
    }
    return got;
  }

  private static List<Integer> numbers(Asked asked) {
    return texts(asked.batch().lines()).stream()
        .map(line -> new io.vertx.core.json.JsonObject(line).getInteger("n"))
        .toList();
  }
}
