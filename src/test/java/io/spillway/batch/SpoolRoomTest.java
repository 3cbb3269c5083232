package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.next;
import static io.spillway.kit.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.KillImage;
import io.spillway.bus.Arrival;
import io.spillway.bus.Batch;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Chunk;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Forwarded;
import io.spillway.bus.ReadOn;
import io.spillway.bus.RoleState;
import io.spillway.config.BatchConfig;
import io.spillway.config.EdgeConfig;
import io.spillway.config.SpoolConfig;
import io.spillway.config.UplinkConfig;
import io.spillway.config.UplinkMode;
import io.spillway.config.WhenFull;
import io.spillway.kit.Proof;
import io.spillway.kit.RunningTime;
import io.spillway.message.Lines;
import io.spillway.message.Texts;
import io.spillway.redelivery.Habit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("While the server takes records, a spool")
@ExtendWith(VertxExtension.class)
class SpoolRoomTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ReadOn FIRST = new ReadOn(1, Habit.UNKNOWN, 0);

  @TempDir Path temp;
  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Integer> arrived = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong chunkIds = new AtomicLong();
  private volatile boolean connected = true;
  private Duration patience = PATIENCE;
  private final RunningTime time = new RunningTime();
  private Path dir;
  private String deployment;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    dir = temp.resolve("spool");
    Channels.register(vertx);
    Channels.batchForward("pi").answer(vertx, this::server);
  }

  /** Has everything at once, or, while it is not connected, says nothing. */
  private Future<Forwarded> server(Batch batch) {
    if (!connected) {
      return Future.future(never -> {});
    }
    for (String line : Texts.texts(batch.lines())) {
      arrived.add(new JsonObject(line).getInteger("n"));
    }
    return Future.succeededFuture(batch.forwarded(batch.next(), true, batch.next()));
  }

  @AfterEach
  void close() {
    connected = true;
    if (deployment != null) {
      await(vertx.undeploy(deployment));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes a chunk that is many times as long as it may be itself")
  void longChunk(WhenFull whenFull) {
    start(whenFull, 131_072, 65_536, Duration.ofMillis(50));
    assertThat(await(hand(1, 3_000, 300))).isTrue();
    assertArrived(3_000);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes one chunk of nearly its own length after the other")
  void chunksOfItsLength(WhenFull whenFull) {
    start(whenFull, 1_048_576, 524_288, Duration.ofMillis(50));
    handAll(3_000, 750, 1_300);
    assertArrived(3_000);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is not full at the smallest length there is, message by message and in one go")
  void smallest(WhenFull whenFull) {
    start(whenFull, 8_192, 4_096, Duration.ofMillis(50));
    handAll(300, 1, 250);
    assertThat(await(hand(301, 100, 250))).isTrue();
    assertArrived(400);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("lets go of what was acknowledged while it could begin no new segment, when it can")
  void stuck(WhenFull whenFull) throws Exception {
    start(whenFull, 16_384, 4_096, Duration.ofMillis(10));
    Path inTheWay = dir.resolve("spool-00000000000000000001.ndjson");
    Files.createDirectories(inTheWay.resolve("not empty"));
    int taken = 0;
    Throwable refused = null;
    while (refused == null) {
      int next = taken + 1;
      refused = await(hand(next, 1, 1_000).<Throwable>mapEmpty().otherwise(error -> error));
      taken += refused == null ? 1 : 0;
      assertThat(taken).as("it is bounded even so").isLessThan(100);
    }
    assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.CANNOT_STORE);
    assertThat(refused).hasMessageContaining(dir.toString());
    int stored = taken;
    until("acknowledged", SOON, () -> arrived.size() == stored);

    Files.delete(inTheWay.resolve("not empty"));
    Files.delete(inTheWay);
    int next = taken + 1;
    until("takes again", SOON, () -> await(hand(next, 1, 1_000).otherwise(false)));
    handAll(next + 1, next + 60, 1, 1_000);
    assertArrived(next + 60);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes a message that is longer than it may be itself, when nothing else waits")
  void longMessage(WhenFull whenFull) {
    start(whenFull, 8_192, 4_096, Duration.ofMillis(10));
    Future<Boolean> small = hand(1, 5, 300);
    Future<Boolean> large = hand(6, 1, 100_000);
    assertThat(await(small)).isTrue();
    assertThat(await(large)).isTrue();
    assertThat(await(hand(7, 5, 300))).isTrue();
    assertArrived(11);
  }

  @Test
  @DisplayName("takes a message whose records are longer than the journal appends in one go")
  void longerThanAnAppend() {
    start(WhenFull.BLOCK, 1 << 20, 1 << 19, Duration.ofMillis(10));
    int elements = 60_000;
    Lines lines = lines(1, elements, 350);
    Chunk array =
        new Chunk(
            1,
            false,
            lines,
            List.of(new Arrival(11, 11, false, elements)),
            List.of(),
            false,
            FIRST);
    assertThat(lines.length()).isGreaterThan(16 << 20);
    assertThat(await(Channels.readingIn("pi").request(vertx, array))).isTrue();
    assertArrived(elements);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("does not wait for a batch to fill when it needs room")
  void longInterval(WhenFull whenFull) {
    start(whenFull, 8_192, 4_096, Duration.ofMinutes(1));
    handAll(90, 1, 300);
    until("sent before its time", SOON, () -> arrived.size() > 60);
    assertNothingDropped();
  }

  @ParameterizedTest
  @EnumSource(names = {"DROP_NEWEST", "DROP_OLDEST"})
  @DisplayName("drops nothing, and begins to when the server has taken nothing for a while")
  void serverGone(WhenFull whenFull) {
    start(whenFull, 16_384, 4_096, Duration.ofMillis(10));
    handAll(100, 10, 300);
    assertArrived(100);

    connected = false;
    handWhileTimePasses(chunk(101, 100, 300));
    assertThat(registry.counter("spillway.spool.dropped").count()).isBetween(50.0, 90.0);
  }

  @Test
  @DisplayName("drops nothing while that cannot be noted, says why, and goes on when it can")
  void notNoted() throws Exception {
    start(WhenFull.DROP_OLDEST, 16_384, 4_096, Duration.ofMillis(10));
    handAll(5, 1, 300); // of the first segment some are acknowledged, as is usual
    assertArrived(5);
    connected = false;
    Path inTheWay = dir.resolve("dropped.json");
    Files.delete(inTheWay);
    Files.createDirectories(inTheWay.resolve("not empty"));
    Chunk chunk = chunk(6, 100, 300);
    askWhileTimePasses(
        chunk, asked -> asked.failed() && asked.cause().getMessage().contains(inTheWay.toString()));

    Files.delete(inTheWay.resolve("not empty"));
    Files.delete(inTheWay);
    handWhileTimePasses(chunk.repeated());
    assertThat(registry.counter("spillway.spool.dropped").count()).isBetween(50.0, 90.0);
  }

  @Test
  @DisplayName("stores a chunk once that comes again when only its first parts are stored")
  void partsOnce() throws Exception {
    connected = false;
    patience = Duration.ofMillis(1);
    start(WhenFull.BLOCK, 16_384, 4_096, Duration.ofMillis(10));
    Chunk chunk = chunk(1, 100, 300);
    Throwable refused = failure(Channels.readingIn("pi").request(vertx, chunk));
    assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.FULL_IN_PART);
    Path copy = temp.resolve("copy");
    KillImage.copy(dir, copy);
    connected = true;
    await(vertx.undeploy(deployment));

    dir = copy; // as after kill -9
    arrived.clear();
    patience = PATIENCE;
    start(WhenFull.BLOCK, 16_384, 4_096, Duration.ofMillis(10));
    assertThat(await(Channels.readingIn("pi").request(vertx, chunk.repeated()))).isTrue();
    assertArrived(100);
    assertThat(await(Channels.readingIn("pi").request(vertx, chunk.repeated()))).isTrue();
    assertThat(await(hand(101, 1, 300))).isTrue();
    assertArrived(101);
  }

  @Proof
  @Test
  @DisplayName("says that it is full while messages are kept back, and not when they are dropped")
  void toldWhileKeptBack() throws InterruptedException {
    BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, states::add);
    start(WhenFull.DROP_NEWEST, 16_384, 4_096, Duration.ofMillis(10));
    connected = false;
    time.passPerLook(PATIENCE.plusSeconds(1)); // too late to wait for room, too early to drop
    Throwable refused = null;
    for (int n = 1; refused == null; n++) {
      refused = await(hand(n, 1, 300).<Throwable>mapEmpty().otherwise(error -> error));
      assertThat(n).isLessThan(100);
    }
    assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.FULL);
    next(states, "fault", state -> state.fault().words().contains("the broker keeps"));

    time.passPerLook(Duration.ZERO);
    time.pass(PATIENCE);
    assertThat(await(hand(101, 1, 300))).isTrue();
    assertThat(registry.counter("spillway.spool.dropped").count()).isEqualTo(1);
    states.clear();
    next(states, "state without a fault", state -> state.fault().isEmpty());
  }

  @Test
  @DisplayName("ends with a chunk in time on a slow disk, and goes on where it had got to")
  void slowDisk() {
    start(WhenFull.BLOCK, 1 << 20, 4_096, Duration.ofMillis(10));
    Chunk chunk = chunk(1, 1_000, 300);
    time.passPerLook(Duration.ofMillis(100)); // there are more than 70 parts
    Throwable late = failure(Channels.readingIn("pi").request(vertx, chunk));
    assertThat(BusFailure.of(late).maybeStored()).isTrue();
    assertThat(late).hasMessageContaining("slow");
    time.passPerLook(Duration.ZERO);
    assertThat(await(Channels.readingIn("pi").request(vertx, chunk.repeated()))).isTrue();
    assertArrived(1_000);
  }

  @Test
  @DisplayName("says that the disk is gone when it goes in the middle of a chunk")
  void diskGoesInPart() throws Exception {
    start(WhenFull.BLOCK, 16_384, 4_096, Duration.ofMillis(10));
    Files.createDirectories(dir.resolve("spool-00000000000000000001.ndjson/not empty"));
    Throwable refused = failure(hand(1, 200, 300));
    assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.CANNOT_STORE_IN_PART);
    assertThat(BusFailure.fault(refused).kind()).isEqualTo(FaultKind.DISK);
  }

  // --- what the tests are made of

  private void start(WhenFull whenFull, long maxBytes, long segmentBytes, Duration interval) {
    SpoolConfig spool = new SpoolConfig(dir, maxBytes, segmentBytes, Duration.ZERO, whenFull);
    BatchConfig batch = new BatchConfig(interval, 100, 262_144);
    UplinkConfig uplink =
        new UplinkConfig(
            null,
            null,
            UplinkMode.AUTO,
            patience,
            patience,
            patience,
            patience,
            patience,
            false,
            null);
    deployment =
        await(
            vertx.deployVerticle(
                new Batcher(new EdgeConfig("pi", null, spool, batch, uplink), registry, time)));
  }

  /** As a source does that is refused, while time passes quickly. */
  private void handWhileTimePasses(Chunk chunk) {
    askWhileTimePasses(chunk, Future::succeeded);
  }

  private void askWhileTimePasses(Chunk chunk, Predicate<Future<Boolean>> wanted) {
    List<Future<Boolean>> asked = new ArrayList<>();
    until(
        "the answer",
        SOON,
        () -> {
          time.pass(PATIENCE);
          Future<Boolean> last = asked.isEmpty() ? null : asked.get(asked.size() - 1);
          if (last != null && wanted.test(last)) {
            return true;
          }
          if (last == null || last.failed()) {
            asked.add(
                Channels.readingIn("pi").request(vertx, last == null ? chunk : chunk.repeated()));
          }
          return false;
        });
  }

  private void handAll(int last, int perChunk, int bytes) {
    handAll(1, last, perChunk, bytes);
  }

  private void handAll(int first, int last, int perChunk, int bytes) {
    for (int n = first; n <= last; n += perChunk) {
      assertThat(await(hand(n, perChunk, bytes))).isTrue();
    }
  }

  private Future<Boolean> hand(int first, int count, int bytes) {
    return Channels.readingIn("pi").request(vertx, chunk(first, count, bytes));
  }

  private Chunk chunk(int first, int count, int bytes) {
    List<Arrival> arrivals =
        IntStream.range(0, count)
            .mapToObj(n -> new Arrival(first + n, first + n, false, 1))
            .toList();
    return new Chunk(
        chunkIds.addAndGet(1_000_000),
        false,
        lines(first, count, bytes),
        arrivals,
        List.of(),
        false,
        FIRST);
  }

  private static Lines lines(int first, int count, int bytes) {
    Lines.Builder lines = new Lines.Builder(count * bytes);
    for (int n = first; n < first + count; n++) {
      String text = "{\"n\":" + n + ",\"f\":\"" + "x".repeat(Math.max(0, bytes - 20)) + "\"}";
      byte[] line = text.getBytes(StandardCharsets.US_ASCII);
      lines.add(line, 0, line.length);
    }
    return lines.build();
  }

  private void assertArrived(int last) {
    until(() -> arrived.size() + " of " + last, SOON, () -> arrived.size() >= last);
    assertThat(arrived).isEqualTo(IntStream.rangeClosed(1, last).boxed().toList());
    assertNothingDropped();
  }

  private void assertNothingDropped() {
    assertThat(registry.counter("spillway.spool.dropped").count()).isZero();
  }
}
