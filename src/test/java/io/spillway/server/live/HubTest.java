package io.spillway.server.live;

import static io.spillway.kit.Await.await;
import static io.spillway.message.Texts.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.StoredBatch;
import io.spillway.message.Lines;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The hub")
@ExtendWith(VertxExtension.class)
class HubTest {
  private static final String JOURNAL = "ours";

  private Vertx vertx;
  private ContextInternal context;
  private final LiveMetrics metrics = new LiveMetrics(new SimpleMeterRegistry());
  private final List<String> stored = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicBoolean nonsense = new AtomicBoolean();
  private final List<long[]> overflows = new ArrayList<>();
  private final List<Integer> seen = new ArrayList<>();
  private Broadcast broadcast;
  private Hub hub;
  private Desk desk;
  private volatile Future<Void> mayRead = Future.succeededFuture();

  @BeforeEach
  void prepare(Vertx vertx) {
    this.vertx = vertx;
    context = (ContextInternal) vertx.getOrCreateContext();
    Channels.register(vertx);
    Channels.RECORDS_READ.answer(vertx, this::read);
    EventLoop loop = context.nettyEventLoop();
    broadcast = new Broadcast(loop, metrics, 100_000, this::full, TimeSource.SYSTEM);
    hub = new Hub(vertx, new RecordView(List.of()), broadcast, metrics);
    desk = new Desk(Selection.ALL, true);
  }

  private void full(LiveClient client, long offset) {
    overflows.add(new long[] {offset, hub.next()});
  }

  private Future<Records> read(ReadRequest request) {
    reads.incrementAndGet();
    if (nonsense.getAndSet(false)) {
      return Future.succeededFuture(new Records(JOURNAL, request.from(), null, 1, 2));
    }
    return mayRead.map(
        may -> {
          long end = stored.size() + 1L;
          long first = Math.min(request.from(), end);
          long to = Math.min(end, first + Math.min(request.maxRecords(), 7));
          return new Records(JOURNAL, first, some(first, to), 1, end);
        });
  }

  private Lines some(long first, long end) {
    return lines(stored.subList((int) first - 1, (int) end - 1));
  }

  private <T> T onLoop(Callable<T> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        on -> {
          try {
            done.complete(work.call());
          } catch (Exception error) {
            done.fail(error);
          }
        });
    return await(done.future());
  }

  private void begin() {
    await(onLoop(hub::start));
    onLoop(
        () -> {
          broadcast.join(desk.client);
          return null;
        });
  }

  private StoredBatch store(int records) {
    return store(records, 0);
  }

  private StoredBatch store(int records, int padding) {
    long first = stored.size() + 1L;
    for (int i = 0; i < records; i++) {
      stored.add("{\"n\":" + (first + i) + ",\"p\":\"" + "x".repeat(padding) + "\"}");
    }
    return new StoredBatch(JOURNAL, first, some(first, first + records));
  }

  private void publish(StoredBatch batch) {
    Channels.BATCH_STORED.publish(vertx, batch);
  }

  /** The offsets that the client has been sent by the time it has the last one. */
  private List<Integer> seenUpTo(int last) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while ((seen.isEmpty() || seen.get(seen.size() - 1) < last) && System.nanoTime() < deadline) {
      for (String text : onLoop(desk::texts)) {
        JsonObject record = new JsonObject(text);
        assertThat(record.getInteger("n")).isEqualTo(record.getInteger("_offset"));
        seen.add(record.getInteger("_offset"));
      }
    }
    return seen;
  }

  private static List<Integer> range(int first, int last) {
    return LongStream.rangeClosed(first, last).mapToObj(n -> (int) n).toList();
  }

  @Test
  @DisplayName("shows once, and from the journal, what cannot be read in a copy, and what follows")
  void brokenCopy() {
    begin();
    publish(store(2));
    byte[] bytes = "{\"n\":3,\"p\":\"\"}\n{\"n\":4,\"p\":\"\"}".getBytes(UTF_8); // no end
    StoredBatch whole = store(2);
    publish(new StoredBatch(JOURNAL, whole.first(), new Lines(bytes, 2)));
    assertThat(seenUpTo(4)).isEqualTo(range(1, 4));
    publish(store(1));
    assertThat(seenUpTo(5)).isEqualTo(range(1, 5));
    assertThat(reads).hasValue(2); // where it began, and the repair
  }

  @Test
  @DisplayName("shows what is stored from its start on, and not what was before")
  void fromStart() {
    store(5);
    begin();
    publish(store(2));
    publish(store(1));
    assertThat(seenUpTo(8)).isEqualTo(range(6, 8));
    assertThat(onLoop(hub::next)).isEqualTo(9);
    assertThat(metrics.topics().get("measurements").total()).isEqualTo(3);
  }

  @Test
  @DisplayName("reads from the journal what it was not told of")
  void lost() {
    begin();
    publish(store(1));
    store(40);
    publish(store(3));
    assertThat(seenUpTo(44)).isEqualTo(range(1, 44));
  }

  @Test
  @DisplayName("shows nothing twice that comes twice, late or in parts")
  void doubled() {
    begin();
    StoredBatch first = store(3);
    StoredBatch second = store(3);
    StoredBatch overlap = new StoredBatch(JOURNAL, 2, some(2, 6));
    publish(first);
    publish(first);
    publish(overlap);
    publish(second);
    publish(first);
    publish(store(1));
    assertThat(seenUpTo(7)).isEqualTo(range(1, 7));
  }

  @Test
  @DisplayName("puts in order what comes in disorder, is lost or comes twice")
  void disorder() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    begin();
    List<StoredBatch> waiting = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      StoredBatch batch = store(1 + random.nextInt(5));
      int fate = random.nextInt(6);
      if (fate < 5) {
        waiting.add(batch);
      }
      if (fate == 4) {
        waiting.add(batch);
      }
      if (waiting.size() > 5 || fate < 2) {
        Collections.shuffle(waiting, random);
        waiting.forEach(this::publish);
        waiting.clear();
      }
    }
    publish(store(1));
    int last = stored.size();
    assertThat(seenUpTo(last)).as("seed %d", seed).isEqualTo(range(1, last));
  }

  @Test
  @DisplayName("shows what is stored while it asks where the journal is")
  void whileStarting() {
    store(5);
    Promise<Void> gate = Promise.promise();
    mayRead = gate.future();
    Future<Void> starting = onLoop(hub::start);
    StoredBatch early = store(2);
    publish(early);
    onLoop(() -> null);
    gate.complete();
    await(starting);
    onLoop(
        () -> {
          broadcast.join(desk.client);
          return null;
        });
    publish(store(2));
    assertThat(seenUpTo(9)).isEqualTo(range(8, 9));
  }

  @Test
  @DisplayName("shows records of another host without an offset, and keeps its own place")
  void others() {
    begin();
    publish(new StoredBatch("theirs", 1_000_000, lines("{\"t\":1}")));
    publish(store(1));
    List<String> texts = new ArrayList<>();
    while (texts.size() < 2) {
      texts.addAll(onLoop(desk::texts));
    }
    assertThat(texts)
        .containsExactly(
            "{\"t\":1,\"type\":\"measurement\"}",
            "{\"n\":1,\"p\":\"\",\"type\":\"measurement\",\"_offset\":1}");
    assertThat(onLoop(hub::behind)).isZero();
  }

  @Test
  @DisplayName("is not misled by another host's offsets that come while it starts")
  void othersWhileStarting() {
    store(5);
    Promise<Void> gate = Promise.promise();
    mayRead = gate.future();
    Future<Void> starting = onLoop(hub::start);
    publish(new StoredBatch("theirs", 1_000_000, lines("{\"t\":1}")));
    onLoop(() -> null);
    gate.complete();
    await(starting);
    for (int i = 0; i < 100; i++) {
      onLoop(() -> null);
    }
    assertThat(onLoop(hub::behind)).isZero();
    assertThat(reads.get()).isLessThan(5);
  }

  @Test
  @DisplayName("goes on when the journal could not be read for a while")
  void journalFails() {
    begin();
    mayRead = Future.failedFuture("disk is away");
    store(4);
    publish(store(1));
    onLoop(() -> null);
    mayRead = Future.succeededFuture();
    assertThat(seenUpTo(5)).isEqualTo(range(1, 5));
  }

  @Test
  @DisplayName("goes on after an answer of which it could make nothing")
  void nonsense() {
    begin();
    nonsense.set(true);
    store(4);
    publish(store(1));
    assertThat(seenUpTo(5)).isEqualTo(range(1, 5));
  }

  @Test
  @DisplayName("counts a batch as handed on when a client turns out to have no room for it")
  void fullAtOnce() {
    Desk stuck = new Desk(Selection.ALL, false);
    begin();
    onLoop(
        () -> {
          broadcast.join(stuck.client);
          return null;
        });
    publish(store(1));
    assertThat(seenUpTo(1)).isEqualTo(range(1, 1));
    publish(store(3, 100_000));
    assertThat(seenUpTo(4)).isEqualTo(range(1, 4));
    assertThat(overflows).hasSize(1);
    assertThat(overflows.get(0)).containsExactly(2, 5);
  }
}
