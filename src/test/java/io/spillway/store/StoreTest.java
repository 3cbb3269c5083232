package io.spillway.store;

import static io.spillway.kit.Await.await;
import static io.spillway.kit.Await.failure;
import static io.spillway.kit.Await.next;
import static io.spillway.message.Texts.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.KillImage;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.RoleState;
import io.spillway.bus.StoreRequest;
import io.spillway.bus.StoreRequest.Begin;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.bus.StoreRequest.Refused;
import io.spillway.bus.StoreRequest.Sequenced;
import io.spillway.bus.Stored;
import io.spillway.config.JournalConfig;
import io.spillway.kit.Await;
import io.spillway.kit.Heard;
import io.spillway.kit.Proof;
import io.spillway.message.Lines;
import io.spillway.message.Rejected;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The store")
@ExtendWith(VertxExtension.class)
class StoreTest {
  private static final String EDGE = "pi";
  private static final String EPOCH = "3f9a1c2e";
  private static final String OLDER = "{\"offset\":%d,\"marks\":{\"pi.3f9a1c2e\":%d}}";

  @TempDir Path temp;
  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path dir;
  private String deployment;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    dir = temp.resolve("data");
    Channels.register(vertx);
    start();
  }

  @Test
  @DisplayName("stores records in sequence, as they are, and answers what comes next")
  void stores() {
    assertThat(begin(1)).isEqualTo(new Stored(1, 1));
    assertThat(store(1, 3)).isEqualTo(new Stored(4, 4));
    assertThat(store(4, 4)).isEqualTo(new Stored(5, 5));
    assertThat(journal()).isEqualTo(ids(1, 4));
  }

  @Test
  @DisplayName("tells the live hubs what is on the disk, in order and without a gap")
  void publishes() {
    List<String> heard = new ArrayList<>();
    Promise<Void> all = Promise.promise();
    Channels.BATCH_STORED.listen(
        vertx,
        batch -> {
          assertThat(batch.first()).isEqualTo(heard.size() + 1);
          heard.addAll(Texts.texts(batch.lines()));
          if (heard.size() == 5) {
            all.complete();
          }
        });
    store(1, 3);
    store(2, 5);
    await(all.future());
    assertThat(heard).isEqualTo(journal());
  }

  @Test
  @DisplayName("gives out what it has from any offset, and tells where it begins and ends")
  void reads() {
    store(1, 5);
    Records some = await(Channels.RECORDS_READ.request(vertx, new ReadRequest(2, 2, 1 << 20)));
    assertThat(Texts.texts(some.lines())).isEqualTo(journal().subList(1, 3));
    assertThat(List.of(some.first(), some.next(), some.oldest(), some.end()))
        .containsExactly(2L, 4L, 1L, 6L);
    Records rest = await(Channels.RECORDS_READ.request(vertx, new ReadRequest(4, 100, 1 << 20)));
    assertThat(rest.next()).isEqualTo(6);
    Records none = await(Channels.RECORDS_READ.request(vertx, new ReadRequest(6, 100, 1 << 20)));
    assertThat(none.lines().isEmpty()).isTrue();
    assertThat(none.first()).isEqualTo(6);
    Records where = await(Channels.RECORDS_READ.request(vertx, ReadRequest.POSITION));
    assertThat(where.end()).isEqualTo(6);
    assertThat(where.journal()).isEqualTo(some.journal());
  }

  @Test
  @DisplayName("skips what it has, within a batch and whole ones, and counts it")
  void skips() {
    store(1, 3);
    assertThat(store(2, 5).next()).isEqualTo(6);
    assertThat(store(1, 5).next()).isEqualTo(6);
    assertThat(store(3, 3).next()).isEqualTo(6);
    assertThat(journal()).isEqualTo(ids(1, 5));
    assertThat(registry.counter("spillway.store.skipped").count()).isEqualTo(2 + 5 + 1);
    assertThat(registry.counter("spillway.store.records").count()).isEqualTo(5);
  }

  @Test
  @DisplayName("refuses a gap, and stores nothing of it")
  void gap() {
    store(1, 2);
    Throwable refused = failure(request(sequenced(4, 5)));
    assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.GAP);
    assertThat(refused).hasMessageContaining("expected 3");
    assertThat(store(3, 5).next()).isEqualTo(6);
    assertThat(journal()).isEqualTo(ids(1, 5));
  }

  @Test
  @DisplayName("stores many batches that do not wait for each other in order, each record once")
  void pipelined() {
    List<Future<Stored>> answers = new ArrayList<>();
    for (long first = 1; first < 500; first += 5) {
      answers.add(request(sequenced(first, first + 6))); // the last two come again
    }
    assertThat(await(answers.get(answers.size() - 1)).next()).isEqualTo(503);
    answers.forEach(answer -> assertThat(await(answer).next()).isPositive());
    assertThat(journal()).isEqualTo(ids(1, 502));
  }

  @Test
  @DisplayName("keeps each edge and each epoch in a sequence of its own")
  void separate() {
    store(1, 2);
    Lines other = lines(id("other", EPOCH, 1));
    assertThat(await(request(new Sequenced("other", EPOCH, 1, other, List.of()))).next())
        .isEqualTo(2);
    Lines fresh = lines(id(EDGE, "f", 1));
    assertThat(await(request(new Sequenced(EDGE, "f", 1, fresh, List.of()))).next()).isEqualTo(2);
    assertThat(begin(1).next()).isEqualTo(3);
  }

  @Test
  @DisplayName("steps over refused records, keeps them aside, and writes the step down at once")
  void refused() throws IOException {
    assertThat(await(request(withRefused(1, 6, 1, 4, 6)))).isEqualTo(new Stored(7, 4));
    assertThat(journal()).isEqualTo(List.of(id(2), id(3), id(5)));
    assertThat(rejected()).hasSize(3).first().asString().contains("why 1");
    assertThat(Checkpoint.load(dir).marks()).containsEntry(EDGE + '.' + EPOCH, 7L);
    assertThat(store(7, 8).next()).isEqualTo(9);

    crash();
    assertThat(begin(1).next()).isEqualTo(9);
    assertThat(store(9, 9).next()).isEqualTo(10);
  }

  @Test
  @DisplayName("keeps the order when batches come behind one with refused records")
  void behindRefused() {
    List<Future<Stored>> answers = new ArrayList<>();
    answers.add(request(sequenced(1, 10)));
    answers.add(request(withRefused(11, 20, 11, 14, 17, 20)));
    answers.add(request(withRefused(21, 30, 25)));
    answers.add(request(sequenced(31, 40)));
    Stored last = null;
    for (Future<Stored> answer : answers) {
      last = await(answer);
    }
    assertThat(last).isEqualTo(new Stored(41, 36));
    List<String> expected = ids(1, 40);
    for (long refused : new long[] {11, 14, 17, 20, 25}) {
      expected.remove(id(refused));
    }
    assertThat(journal()).isEqualTo(expected);
  }

  @Test
  @DisplayName("stores once what two connections bring at the same time, refused records too")
  void refusedTwice() {
    List<Future<Stored>> answers = new ArrayList<>();
    for (int connection = 0; connection < 3; connection++) {
      answers.add(request(withRefused(1, 9, 2, 5, 8)));
      answers.add(request(new Begin(EDGE, EPOCH, 1)));
      answers.add(request(withRefused(1, 12, 2, 5, 8)));
    }
    answers.forEach(answer -> assertThat(await(answer).next()).isPositive());
    assertThat(begin(1).next()).isEqualTo(13);
    List<String> expected = ids(1, 12);
    expected.removeAll(List.of(id(2), id(5), id(8)));
    assertThat(journal()).isEqualTo(expected);
    assertThat(rejected()).hasSize(3);
  }

  @Test
  @DisplayName("tells of records that an edge does not hold any more once in a while")
  void jumpsTold() {
    try (Heard heard = new Heard("io.spillway.store.PassedOver")) {
      begin(1);
      for (int seq = 1; seq < 20; seq += 2) {
        begin(seq);
        store(seq, seq);
      }
      assertThat(heard.lines()).singleElement().asString().contains("goes on at 3 instead of 2");
    }
  }

  @Test
  @DisplayName("tells so of each edge, whatever another has just been told of")
  void jumpsOfEach() {
    try (Heard heard = new Heard("io.spillway.store.PassedOver")) {
      for (String edge : List.of("attic", "roof")) {
        await(request(new Sequenced(edge, EPOCH, 1, lines("{\"n\":1}"), List.of())));
        await(request(new Begin(edge, EPOCH, 5)));
      }
      assertThat(heard.lines())
          .satisfiesExactly(
              line -> assertThat(line).contains("attic." + EPOCH + " goes on at 5 instead of 2"),
              line -> assertThat(line).contains("roof." + EPOCH + " goes on at 5 instead of 2"));
    }
  }

  @Test
  @DisplayName("goes on above what an edge does not hold any more, also after a crash")
  void beginAbove() {
    store(1, 2);
    assertThat(begin(10).next()).isEqualTo(10);
    crash();
    assertThat(begin(1).next()).isEqualTo(10);
    assertThat(store(10, 11).next()).isEqualTo(12);
    assertThat(begin(5).next()).isEqualTo(12);
    assertThat(journal()).isEqualTo(List.of(id(1), id(2), id(10), id(11)));
  }

  @Test
  @DisplayName("names what it had acknowledged to an edge and, put back from a backup, has no more")
  void olderData() throws Exception {
    BlockingQueue<RoleState> states = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, states::add);
    store(1, 3);
    try (Heard heard = new Heard("io.spillway.store.LostRecords")) {
      assertThat(await(request(new Begin(EDGE, EPOCH, 8, null, 7)))).isEqualTo(new Stored(8, 4, 4));
      assertThat(heard.lines())
          .singleElement()
          .asString()
          .startsWith("ERROR [store] pi.3f9a1c2e: 4 to 6 at least, and perhaps to 7 were ack")
          .contains("put the newer data back");
    }
    assertThat(registry.counter("spillway.store.lost").count()).isEqualTo(3);
    assertThat(registry.counter("spillway.store.passed.over").count()).isEqualTo(1);
    RoleState state = next(states);
    while (state.fault().isEmpty()) {
      state = next(states);
    }
    assertThat(state.fault().kind()).isEqualTo(FaultKind.LOST);
    assertThat(state.fault().words())
        .contains("pi.3f9a1c2e: 4 to 6 at least, and perhaps to 7; these data are of an earlier");
    assertThat(state.counters()).containsEntry("lost", 3L);
    assertThat(await(request(new Begin(EDGE, EPOCH, 8, null, 8)))).isEqualTo(new Stored(8, 4));
  }

  @Test
  @DisplayName("takes nothing for lost that the edge holds still, or that nobody acknowledged")
  void nothingLost() {
    store(1, 3);
    assertThat(await(request(new Begin(EDGE, EPOCH, 2, null, 9)))).isEqualTo(new Stored(4, 4));
    assertThat(await(request(new Begin(EDGE, EPOCH, 6, null, 4)))).isEqualTo(new Stored(6, 4));
    assertThat(registry.counter("spillway.store.lost").count()).isZero();
  }

  @Test
  @DisplayName("answers a new connection only when what the older one sent is on disk")
  void beginWaits() {
    Future<Stored> batch = request(sequenced(1, 100));
    Future<Stored> begin = request(new Begin(EDGE, EPOCH, 1));
    assertThat(await(begin).next()).isEqualTo(101);
    assertThat(await(batch).next()).isEqualTo(101);
  }

  @Test
  @DisplayName("stores nothing of an older connection any more once a newer one has begun")
  void beginFences() {
    assertThat(await(request(of(7, 1, 3))).next()).isEqualTo(4);
    Future<Stored> begin = request(new Begin(EDGE, EPOCH, 1, null, 1, 1, 8));
    Future<Stored> late = request(of(7, 4, 6));
    assertThat(await(begin).next()).isEqualTo(4);
    assertThat(BusFailure.of(failure(late))).isEqualTo(BusFailure.GAP);
    Future<Stored> lateHello = request(new Begin(EDGE, EPOCH, 1, null, 1, 1, 7));
    assertThat(BusFailure.of(failure(lateHello))).isEqualTo(BusFailure.GAP);
    assertThat(await(request(of(8, 4, 5))).next()).isEqualTo(6);
    assertThat(journal()).isEqualTo(ids(1, 5));
  }

  private static Sequenced of(long session, long first, long last) {
    return new Sequenced(EDGE, EPOCH, first, lines(ids(first, last)), List.of(), null, session);
  }

  @Test
  @DisplayName("has noted the keys of all new edges that come at once before it answers any")
  void manyKeys() {
    List<Future<Stored>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      answers.add(request(new Begin(EDGE + i, EPOCH, 1, "key of " + i)));
    }
    answers.forEach(answer -> assertThat(await(answer).next()).isEqualTo(1));
    crash();
    for (int i = 0; i < 300; i++) {
      Throwable refused = Await.failure(request(new Begin(EDGE + i, EPOCH, 1, "another")));
      assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.FORBIDDEN);
      assertThat(await(request(new Begin(EDGE + i, EPOCH, 1, "key of " + i))).next()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("takes nothing of one without a key once another has come with one")
  void claimedMeanwhile() {
    begin(1);
    Future<Stored> claim = request(new Begin(EDGE, EPOCH, 1, "a key"));
    Future<Stored> late = request(sequenced(1, 3));
    assertThat(await(claim).next()).isEqualTo(1);
    assertThat(BusFailure.of(failure(late))).isEqualTo(BusFailure.FORBIDDEN);
    Sequenced keyed = new Sequenced(EDGE, EPOCH, 1, lines(ids(1, 2)), List.of(), "a key", 0);
    assertThat(await(request(keyed)).next()).isEqualTo(3);
    assertThat(journal()).isEqualTo(ids(1, 2));
  }

  @Test
  @DisplayName("goes on after a restart")
  void restart() {
    store(1, 3);
    restart(() -> {});
    assertThat(begin(1)).isEqualTo(new Stored(4, 4));
    assertThat(store(2, 5).next()).isEqualTo(6);
    assertThat(journal()).isEqualTo(ids(1, 5));
  }

  @Test
  @DisplayName("goes on after a crash, from the records behind the last checkpoint")
  void afterCrash() {
    store(1, 3);
    restart(() -> {});
    store(4, 6);
    crash();
    assertThat(begin(1).next()).isEqualTo(7);
    assertThat(store(5, 8).next()).isEqualTo(9);
    assertThat(journal()).isEqualTo(ids(1, 8));
  }

  @Test
  @DisplayName("rebuilds the marks if its checkpoint is older than the journal")
  void olderCheckpoint() throws IOException {
    store(1, 3);
    restart(() -> {});
    byte[] older = Files.readAllBytes(dir.resolve("marks.json"));
    store(4, 9);
    restart(() -> Files.write(dir.resolve("marks.json"), older));
    assertThat(begin(1).next()).isEqualTo(10);
    assertThat(store(8, 10).next()).isEqualTo(11);
    assertThat(journal()).isEqualTo(ids(1, 10));
  }

  @Test
  @DisplayName("rebuilds the marks if its checkpoint is missing, or is garbage of any kind")
  void noCheckpoint() {
    store(1, 3);
    restart(() -> Files.delete(dir.resolve("marks.json")));
    assertThat(begin(1).next()).isEqualTo(4);
    restart(() -> Files.writeString(dir.resolve("marks.json"), "{\"offset\":2,\"marks\":"));
    assertThat(begin(1).next()).isEqualTo(4);
    restart(() -> Files.write(dir.resolve("marks.json"), new byte[] {(byte) 0xff, 0, 0}));
    assertThat(begin(1).next()).isEqualTo(4);
    restart(
        () ->
            Files.writeString(
                dir.resolve("marks.json"), "{\"offset\":1,\"marks\":{\"pi.3f9a1c2e\":null}}"));
    assertThat(store(2, 6).next()).isEqualTo(7);
    assertThat(journal()).isEqualTo(ids(1, 6));
  }

  @Test
  @DisplayName("stores only what is missing of records that damage has left a hole in")
  void hole() {
    store(1, 9);
    crash(() -> garble(4, 6, 7));
    assertThat(begin(1).next()).isEqualTo(4);
    assertThat(store(4, 7).next()).isEqualTo(10);
    assertThat(store(4, 12).next()).isEqualTo(13);
    assertThat(all()).isEqualTo(List.of(1, 2, 3, 5, 8, 9, 4, 6, 7, 10, 11, 12));
    crash(() -> {});
    assertThat(begin(1).next()).isEqualTo(13);
  }

  @Test
  @DisplayName("knows what stands behind a hole also at the second start, and steps over both")
  void holeAgain() {
    store(1, 9);
    crash(() -> garble(4));
    restart(() -> {});
    assertThat(begin(1).next()).isEqualTo(4);
    assertThat(begin(6).next()).isEqualTo(10);
    assertThat(store(6, 11).next()).isEqualTo(12);
    assertThat(all()).isEqualTo(List.of(1, 2, 3, 5, 6, 7, 8, 9, 10, 11));
  }

  @Test
  @DisplayName("does not believe marks of more than is stored, whoever changed them")
  void marksTooHigh() {
    store(1, 9);
    restart(() -> edit("marks.json", "(3f9a1c2e\":)10", "$1900"));
    assertThat(begin(1).next()).isEqualTo(10);
    restart(() -> Files.writeString(dir.resolve("marks.json"), OLDER.formatted(5, 900)));
    assertThat(begin(1).next()).isEqualTo(10);
  }

  @Test
  @DisplayName("compares marks of version 0.1, which have no checksum, with the journal")
  void olderMarks() {
    store(1, 9);
    restart(() -> older(5, 900));
    assertThat(begin(1).next()).isEqualTo(10);
    restart(() -> older(5, 5));
    assertThat(begin(1).next()).isEqualTo(10);
  }

  @Test
  @DisplayName("takes records again that a shorter journal has lost, at offsets of their own")
  void shorter() {
    store(1, 9);
    restart(() -> Files.write(dir.resolve("ingest.ndjson"), head(5)));
    assertThat(begin(1)).isEqualTo(new Stored(6, 10));
    assertThat(store(6, 9)).isEqualTo(new Stored(10, 14));
    assertThat(all()).isEqualTo(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    restart(() -> {});
    assertThat(begin(1)).isEqualTo(new Stored(10, 14));
  }

  @Test
  @DisplayName("keeps the name of its journal when the file of it is damaged")
  void name() throws IOException {
    store(1, 2);
    String name = Files.readString(dir.resolve("journal.id"));
    restart(() -> Files.write(dir.resolve("journal.id"), new byte[] {-1, 0, 7}));
    assertThat(dir.resolve("journal.id")).hasContent(name.strip());
  }

  @Test
  @DisplayName("stores the records of a plain client as they came, and keeps its rejected ones")
  void plain() {
    Lines records = lines("{\"a\":1}", "{\"b\":2}");
    Rejected bad = new Rejected("peer", 0, "not JSON", new byte[] {1}, 1);
    assertThat(await(request(new Plain(records, List.of(bad))))).isEqualTo(new Stored(0, 3));
    assertThat(await(request(new Plain(Lines.NONE, List.of())))).isEqualTo(new Stored(0, 3));
    assertThat(journal()).containsExactly("{\"a\":1}", "{\"b\":2}");
    assertThat(rejected()).hasSize(1);
  }

  @Test
  @DisplayName("keeps to its bytes as fast as they come, and not every half a minute")
  void keepBytes() throws IOException {
    await(vertx.undeploy(deployment));
    start(128 << 10, 512 << 10);
    String filler = "x".repeat(50_000);
    for (int n = 0; n < 200; n++) {
      await(request(new Plain(lines("{\"f\":\"" + filler + "\",\"n\":" + n + "}"), List.of())));
    }
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*.ndjson*")) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    }
    assertThat(bytes).isLessThan(2 << 20);
  }

  @Test
  @DisplayName("is not deceived by a plain client that sends an edge's _id, even after a crash")
  void forged() {
    store(1, 2);
    await(request(new Plain(lines(id(3), id(900)), List.of())));
    assertThat(begin(1).next()).isEqualTo(3);
    restart(() -> {});
    assertThat(begin(1).next()).isEqualTo(3);
  }

  @Test
  @DisplayName("stores more bytes at once than the journal takes in one append")
  void large() {
    String filler = "x".repeat(1_000_000);
    List<String> records = new ArrayList<>();
    for (int n = 1; n <= 20; n++) {
      records.add("{\"a\":\"" + filler + "\",\"n\":" + n + "}");
    }
    assertThat(await(request(new Plain(lines(records), List.of()))).offset()).isEqualTo(21);
  }

  // --- what the tests are made of

  @Test
  @DisplayName("tells that it cannot set a record aside, with the cure, until it can")
  void cannotSetAside() throws Exception {
    BlockingQueue<Fault> faults = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, state -> faults.add(state.fault()));
    Path file = dir.resolve("rejected.ndjson");
    Files.createDirectory(file);
    try (Heard heard = new Heard("io.spillway.store.Appender")) {
      for (int attempt = 0; attempt < 3; attempt++) {
        Throwable refused = failure(request(withRefused(1, 2, 1)));
        assertThat(BusFailure.of(refused)).isEqualTo(BusFailure.CANNOT_STORE);
        assertThat(refused).hasMessage(file + ": Is a directory");
      }
      assertThat(heard.lines())
          .singleElement()
          .asString()
          .startsWith(
              "WARN [store] a record cannot be set aside: " + file + ": Is a directory; see");
      next(faults, "the fault", fault -> fault.words().contains("Is a directory; see"));
      Files.delete(file); // and whoever brought the record does not come again
      next(faults, "no fault", Fault::isEmpty);
      assertThat(heard.lines()).last().asString().contains("works again");
    }
    assertThat(await(request(withRefused(1, 2, 1)))).isEqualTo(new Stored(3, 2));
  }

  @Test
  @Proof
  @DisplayName("says so as long as the disk has no room for that record, though smaller ones go")
  void noRoomToSetAside() throws Exception {
    BlockingQueue<Fault> faults = new LinkedBlockingQueue<>();
    Channels.ROLE_STATE.listen(vertx, state -> faults.add(state.fault()));
    Path file = dir.resolve("rejected.ndjson");
    Files.createSymbolicLink(file, Path.of("/dev/full"));
    Throwable refused = failure(request(withRefused(1, 2, 1)));
    assertThat(refused).hasMessageContaining("No space left on device");
    next(faults, "the fault", fault -> fault.words().contains("No space left"));
    await(request(new Plain(lines("{\"small\":1}"), List.of())));
    faults.clear();
    for (int beats = 0; beats < 4; beats++) {
      assertThat(next(faults).isEmpty()).isFalse();
    }
    Files.delete(file);
    next(faults, "no fault", Fault::isEmpty);
    assertThat(file).isEmptyFile();
    assertThat(dir.resolve("rejected.ndjson.tmp")).doesNotExist();
  }

  private void start() {
    start(64 << 20, 0);
  }

  private void start(int segmentBytes, long keepBytes) {
    JournalConfig config =
        new JournalConfig(
            dir,
            "ingest.ndjson",
            Duration.ZERO,
            segmentBytes,
            Duration.ofMinutes(60),
            false,
            Duration.ZERO,
            keepBytes);
    deployment = await(vertx.deployVerticle(new Store(config, registry, TimeSource.SYSTEM)));
  }

  private interface Meanwhile {
    void run() throws IOException;
  }

  private void restart(Meanwhile meanwhile) {
    await(vertx.undeploy(deployment));
    try {
      meanwhile.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    start();
  }

  /** What is on disk now is what a kill leaves: the store goes on from a copy of it. */
  private void crash() {
    crash(() -> {});
  }

  private void crash(Meanwhile meanwhile) {
    Path copy = dir.resolveSibling(dir.getFileName() + "-copy");
    try {
      KillImage.copy(dir, copy);
      await(vertx.undeploy(deployment));
      dir = copy;
      meanwhile.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    start();
  }

  /** Makes lines of the journal unreadable. */
  private void garble(int... numbers) throws IOException {
    List<String> lines = new ArrayList<>(journal());
    for (int number : numbers) {
      lines.set(number - 1, "#" + lines.get(number - 1).substring(1));
    }
    Files.write(dir.resolve("ingest.ndjson"), lines);
  }

  private byte[] head(int lines) {
    return (String.join("\n", journal().subList(0, lines)) + "\n").getBytes(UTF_8);
  }

  private void edit(String file, String pattern, String replacement) throws IOException {
    String text = Files.readString(dir.resolve(file));
    String changed = text.replaceFirst(pattern, replacement);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(dir.resolve(file), changed);
  }

  /** As if version 0.1 had run until now. */
  private void older(long offset, long mark) throws IOException {
    String name = new JsonObject(Files.readString(dir.resolve("journal.id"))).getString("journal");
    Files.writeString(dir.resolve("journal.id"), name + "\n");
    Files.writeString(dir.resolve("marks.json"), OLDER.formatted(offset, mark));
  }

  /** The numbers of all records, in the order of their offsets. */
  private List<Integer> all() {
    List<Integer> numbers = new ArrayList<>();
    Records page = await(Channels.RECORDS_READ.request(vertx, new ReadRequest(1, 100, 1 << 20)));
    while (!page.lines().isEmpty()) {
      Texts.texts(page.lines()).forEach(line -> numbers.add(new JsonObject(line).getInteger("n")));
      page =
          await(Channels.RECORDS_READ.request(vertx, new ReadRequest(page.next(), 100, 1 << 20)));
    }
    return numbers;
  }

  private Stored begin(long first) {
    return await(request(new Begin(EDGE, EPOCH, first)));
  }

  private Stored store(long first, long last) {
    return await(request(sequenced(first, last)));
  }

  private Future<Stored> request(StoreRequest request) {
    return Channels.BATCH_STORE.request(vertx, request);
  }

  private static Sequenced sequenced(long first, long last) {
    return new Sequenced(EDGE, EPOCH, first, lines(ids(first, last)), List.of());
  }

  private static Sequenced withRefused(long first, long last, long... refused) {
    List<String> good = ids(first, last);
    List<Refused> bad = new ArrayList<>();
    for (long seq : refused) {
      good.remove(id(seq));
      bad.add(new Refused(seq, new Rejected("pi", 0, "why " + seq, new byte[0], 0)));
    }
    return new Sequenced(EDGE, EPOCH, first, lines(good), bad);
  }

  private static List<String> ids(long first, long last) {
    List<String> ids = new ArrayList<>();
    LongStream.rangeClosed(first, last).forEach(seq -> ids.add(id(seq)));
    return ids;
  }

  private static String id(long seq) {
    return id(EDGE, EPOCH, seq);
  }

  private static String id(String edge, String epoch, long seq) {
    return "{\"n\":" + seq + ",\"_id\":\"" + edge + '.' + epoch + '.' + seq + "\"}";
  }

  private List<String> journal() {
    return fileLines("ingest.ndjson");
  }

  private List<String> rejected() {
    return fileLines("rejected.ndjson");
  }

  private List<String> fileLines(String name) {
    try {
      return Files.readAllLines(dir.resolve(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
