package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.ForgettingDisk;
import io.spillway.journal.JournalLife.Kind;
import io.spillway.journal.JournalLife.Promised;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One process with a journal, and what it has promised. */
final class JournalRun implements Memo, DeletionNotes {
  private static final long SEGMENT_BYTES = 300;

  private final Format format;
  private final Kind kind;
  private final ForgettingDisk disk;
  private final Random random;
  private final TreeMap<Long, String> records;
  private final List<String> quarantined;
  private long next;
  private long floor;
  private long promisedMemo;
  private long memo;
  private long segmentBytes = SEGMENT_BYTES;
  private Journal journal;

  JournalRun(Format format, Kind kind, ForgettingDisk disk, Promised promised, Random random) {
    this.format = format;
    this.kind = kind;
    this.disk = disk;
    this.random = random;
    records = new TreeMap<>(promised.records());
    next = promised.next();
    floor = promised.floor();
    promisedMemo = promised.memo();
    quarantined = promised.quarantined();
  }

  /** One whose segments are larger. */
  JournalRun larger() {
    segmentBytes = 3 * SEGMENT_BYTES;
    return this;
  }

  private JournalOptions options() {
    Path dir = disk.root();
    JournalOptions options =
        format == Format.PLAIN
            ? JournalOptions.plain(dir, "j").withGzip(true).withRetention(1_500, Duration.ZERO)
            : JournalOptions.framed(dir, "j").withMemo(this);
    return options.withSegments(segmentBytes, Duration.ZERO).withNotes(this);
  }

  void open() throws IOException {
    memo = 0;
    State known = kind == Kind.SHORTER ? new State(1, next) : State.NONE;
    journal = Journal.open(options(), known, new Damages(), TimeSource.SYSTEM);
    find();
    if (random.nextBoolean()) {
      journal.retainFrom(journal.next());
    }
  }

  /** What a reader has seen has to stay, too. */
  private void find() throws IOException {
    NavigableMap<Long, String> found = WholeTexts.in(journal);
    assertThat(found.values()).allMatch(WholeTexts::isWhole, "is whole").doesNotHaveDuplicates();
    records.forEach(
        (offset, record) -> {
          if (offset >= floor || found.containsKey(offset)) {
            assertThat(found.get(offset)).as("offset " + offset).isEqualTo(record);
          }
        });
    assertThat(journal.next()).as("next").isGreaterThanOrEqualTo(next);
    assertThat(memo).as("memo").isGreaterThanOrEqualTo(promisedMemo);
    List<String> kept = WholeTexts.quarantined(disk.root());
    assertThat(kept).as("quarantined").containsAll(quarantined);
    if (!disk.isPatchy() && kind != Kind.DAMAGED) {
      assertThat(kept).as("quarantined").isEmpty();
    }
    synchronized (this) {
      records.putAll(found);
      next = journal.next();
      promisedMemo = memo;
      promise();
    }
  }

  private synchronized void promise() {
    disk.promise(promised(quarantined));
  }

  synchronized Promised promised(List<String> texts) {
    return new Promised(new TreeMap<>(records), next, floor, promisedMemo, texts);
  }

  void step() throws Exception {
    switch (random.nextInt(14)) {
      case 0 -> release(floor + random.nextInt((int) Math.max(1, next - floor) + 1));
      case 1 -> release(next);
      case 2 -> journal.dropOldest();
      case 3 -> journal.retainFrom(next);
      case 4 -> reopen();
      case 5, 6 -> kill();
      case 7 -> append(1 + random.nextInt(5), 1);
      default -> append(1, 1 + random.nextInt(4));
    }
  }

  private void release(long below) {
    synchronized (this) {
      floor = Math.max(floor, below);
      promise();
    }
    journal.release(below);
    journal.sync();
  }

  private void reopen() throws IOException {
    close();
    if (random.nextBoolean()) {
      disk.killAfter(random.nextInt(6));
      try {
        open();
      } catch (IOException killed) {
        assertThat(disk.isDead()).as("killed, and not " + killed.getMessage()).isTrue();
      }
      close();
      disk.revive();
    }
    open();
  }

  /** In the middle of something; the power stays for now. */
  private void kill() throws IOException {
    int most = List.of(3, 14, 40).get(random.nextInt(3)); // a write, a rotation, a compression
    disk.killAfter(random.nextInt(most));
    append(1 + random.nextInt(2), 2);
    journal.release(floor);
    journal.sync();
    if (format == Format.PLAIN && random.nextBoolean()) {
      awaitCompression();
    }
    close();
    disk.revive();
    open();
  }

  private void awaitCompression() throws IOException {
    Layout layout = new Layout(disk.root(), "j");
    while (!disk.isDead() && !layout.closedSegments().stream().allMatch(Layout::isGzip)) {
      Thread.onSpinWait();
    }
  }

  void append(int appends, int records) {
    List<List<String>> texts = new ArrayList<>();
    List<CompletableFuture<Long>> done = new ArrayList<>();
    for (int i = 0; i < appends; i++) {
      texts.add(WholeTexts.fresh(random, records));
      done.add(append(texts.get(i)));
    }
    for (int i = 0; i < appends; i++) {
      try {
        appended(done.get(i).join(), texts.get(i));
      } catch (CompletionException killed) {
        assertThat(disk.isDead()).as("killed, and not " + killed.getMessage()).isTrue();
      }
    }
    journal.sync();
  }

  private CompletableFuture<Long> append(List<String> texts) {
    if (format == Format.PLAIN) {
      return journal.append(Texts.lines(texts));
    }
    byte[] with = ByteBuffer.allocate(Long.BYTES).putLong(WholeTexts.number(texts.get(0))).array();
    return journal.append(Texts.lines(texts), with);
  }

  private synchronized void appended(long first, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      assertThat(records.put(first + i, texts.get(i))).as("given out already").isNull();
    }
    next = Math.max(next, first + texts.size());
    promisedMemo = format == Format.PLAIN ? 0 : records.lastKey();
    promise();
  }

  void close() {
    if (journal != null) {
      journal.close();
      journal = null;
    }
  }

  // --- what it remembers: the highest offset

  @Override
  public synchronized void remember(byte[] said, long firstOffset, int count) {
    memo = Math.max(memo, firstOffset + count - 1);
  }

  @Override
  public synchronized byte[] snapshot() {
    return ByteBuffer.allocate(Long.BYTES).putLong(memo).array();
  }

  @Override
  public synchronized void restore(byte[] snapshot) {
    memo = ByteBuffer.wrap(snapshot).getLong();
  }

  // --- what may go

  @Override
  public synchronized void deleting(long first, long nextOffset) {
    floor = Math.max(floor, nextOffset);
    promise();
  }

  @Override
  public void deletingForRoom(long first, long nextOffset) {
    deleting(first, nextOffset);
  }

  @Override
  public void deleted() {
    // All is noted at once.
  }
}
