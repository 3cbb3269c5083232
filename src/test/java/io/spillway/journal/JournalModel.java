package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.ForgettingDisk;
import io.spillway.kit.ManualTime;
import io.spillway.message.Texts;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A journal, and beside it a {@link ModelList}; the same is done to both. */
final class JournalModel implements DeletionNotes {
  /** How large its files may grow. */
  enum Limits {
    TINY,
    USUAL
  }

  private static final Duration KEEP_AGE = Duration.ofHours(5);
  private static final Duration SEGMENT_AGE = Duration.ofHours(1);

  private final Random random;
  private final ForgettingDisk below;
  private final FaultyDisk disk = new FaultyDisk();
  private final long beganMs = TimeSource.SYSTEM.wallMs();
  private final ManualTime time = new ManualTime(beganMs);
  private final JournalOptions options;
  private final ModelList list;
  private final List<String> steps = new ArrayList<>();
  private Journal journal;
  private Cursor cursor;
  private long cursorAt = 1;
  private long aheadMs;
  private boolean refusing;
  private volatile long notedBelow = 1;

  JournalModel(Path dir, Format format, Limits limits, long seed) throws IOException {
    random = new Random(seed);
    below = ForgettingDisk.over(dir);
    disk.clock = time;
    boolean plain = format == Format.PLAIN;
    JournalOptions usual =
        plain
            ? JournalOptions.plain(below.root(), "j").withGzip(random.nextBoolean())
            : JournalOptions.framed(below.root(), "j");
    long bytes = limits == Limits.TINY ? 1 + random.nextInt(400) : usual.segmentBytes();
    Duration age = random.nextBoolean() ? SEGMENT_AGE : Duration.ZERO;
    options = kept(usual.withSegments(bytes, age)).withNotes(this);
    list = new ModelList(options);
  }

  private JournalOptions kept(JournalOptions rolling) {
    return switch (random.nextInt(3)) {
      case 0 -> rolling;
      case 1 -> rolling.withRetention(random.nextInt(3_000), Duration.ZERO);
      default -> rolling.withRetention(0, KEEP_AGE);
    };
  }

  /** What was done, for a failure. */
  List<String> steps() {
    return steps;
  }

  private void did(String what) {
    steps.add(what);
  }

  void run(int count) throws IOException {
    open();
    try {
      for (int step = 0; step < count; step++) {
        step();
        list.check(journal, time.nanoTime(), notedBelow);
      }
    } finally {
      close();
    }
  }

  private void step() throws IOException {
    switch (random.nextInt(20)) {
      case 0 -> release(anyOffset());
      case 1 -> release(list.size() + 1);
      case 2 -> drop();
      case 3 -> retain(anyOffset());
      case 4, 5 -> pass(Duration.ofMinutes(random.nextInt(200)));
      case 6 -> jump();
      case 7 -> crash();
      case 8 -> reopen();
      case 9 -> fault();
      case 10, 11 -> well();
      case 12, 13, 14 -> read();
      default -> append(1 + random.nextInt(3));
    }
  }

  private long anyOffset() {
    return 1L + random.nextInt((int) list.size() + 1);
  }

  // --- its lives

  /** With the clock right: what is written while it is wrong must not be the newest at a start. */
  private void open() throws IOException {
    aheadMs = 0;
    setClock();
    try {
      journal = Journal.open(options, disk, time);
    } catch (IOException fault) {
      assertThat(isFaulty()).as("start refused: " + fault.getMessage()).isTrue();
      heal();
      journal = Journal.open(options, disk, time);
    }
    cursor = journal.cursor(cursorAt);
    refusing = false;
    list.opened(journal, WholeTexts.in(journal), time.nanoTime());
  }

  private void close() throws IOException {
    cursor.close();
    journal.close();
  }

  private void reopen() throws IOException {
    did("reopen");
    close();
    open();
  }

  private void crash() throws IOException {
    int operations = random.nextInt(12);
    did("killed after " + operations);
    below.killAfter(operations);
    append(1 + random.nextInt(3));
    journal.release(list.released());
    journal.sync();
    close();
    below.revive();
    heal();
    open();
  }

  // --- its disk and its clock

  private boolean isFaulty() {
    return disk.room < Long.MAX_VALUE || disk.failForce || disk.failOpen || below.isDead();
  }

  private void fault() {
    int which = random.nextInt(3);
    did(List.of("disk full", "fsync fails", "read-only").get(which));
    switch (which) {
      case 0 -> disk.room = random.nextInt(300);
      case 1 -> disk.failForce = true;
      default -> {
        disk.failOpen = true;
        disk.failMove = true;
        disk.failDelete = true;
      }
    }
  }

  private void well() {
    did("disk well");
    heal();
    journal.resume();
    refusing = false;
    journal.sync();
  }

  private void heal() {
    disk.room = Long.MAX_VALUE;
    disk.failForce = false;
    disk.failOpen = false;
    disk.failMove = false;
    disk.failDelete = false;
  }

  private void pass(Duration some) {
    did("pass " + some);
    time.pass(some);
    journal.tick();
    journal.sync();
  }

  /** Somebody sets the wall clock wrong, or right again. */
  private void jump() {
    aheadMs = aheadMs > 0 ? 0 : Duration.ofDays(2 + random.nextInt(7)).toMillis();
    did("clock ahead by " + aheadMs);
    setClock();
    journal.tick();
    journal.sync();
  }

  private void setClock() {
    time.set(beganMs + time.nanoTime() / 1_000_000 + aheadMs);
  }

  // --- what is asked of it

  private void append(int appends) {
    List<List<String>> texts = new ArrayList<>();
    List<CompletableFuture<Long>> done = new ArrayList<>();
    for (int i = 0; i < appends; i++) {
      texts.add(WholeTexts.fresh(random, 1 + random.nextInt(4)));
      done.add(journal.append(Texts.lines(texts.get(i))));
    }
    int stored = 0;
    for (int i = 0; i < appends; i++) {
      try {
        long offset = done.get(i).join();
        assertThat(stored).as("stored behind one that failed").isEqualTo(i);
        assertThat(offset).as("offset").isEqualTo(list.size() + 1);
        list.stored(texts.get(i), time.nanoTime());
        stored++;
      } catch (CompletionException error) {
        assertThat(isFaulty() || refusing).as("refused: " + error.getMessage()).isTrue();
        refusing = true;
      }
    }
    if (stored < appends) {
      list.failed(texts.subList(stored, appends));
    }
    did("append " + stored + " of " + appends);
    journal.sync();
    if (!isFaulty()) {
      journal.resume();
      refusing = false;
    }
  }

  private void release(long below) {
    did("release " + below);
    list.release(below);
    journal.release(below);
    journal.sync();
  }

  private void drop() {
    long first = journal.first();
    long count = journal.dropOldest();
    did("drop " + count);
    long next = count == 0 ? first : list.held(first + count);
    assertThat(journal.first()).as("first").isEqualTo(next);
    list.dropped(next);
  }

  private void retain(long offset) {
    did("retain from " + offset);
    list.retain(offset);
    journal.retainFrom(offset);
    journal.sync();
  }

  private void read() throws IOException {
    if (random.nextInt(3) == 0) {
      cursorAt = anyOffset();
      cursor.seek(cursorAt);
    }
    long from = list.held(Math.max(cursorAt, journal.first()));
    int records = 1 + random.nextInt(9);
    int bytes = random.nextInt(700);
    Slice slice = cursor.read(records, bytes);
    List<String> texts = Texts.texts(slice.lines());
    did("read " + texts.size() + " from " + from);
    assertThat(texts.isEmpty()).as("empty").isEqualTo(from > list.size());
    assertThat(slice.first()).isEqualTo(from);
    assertThat(texts).isEqualTo(list.from(from, texts.size()));
    assertThat(texts.size()).isLessThanOrEqualTo(records);
    assertThat(texts.size() < 2 || slice.lines().length() <= bytes).as("bytes").isTrue();
    cursorAt = slice.next();
    assertThat(cursor.position()).isEqualTo(cursorAt);
  }

  // --- what went by a policy was told before

  @Override
  public void deleting(long first, long next) {
    notedBelow = Math.max(notedBelow, next);
  }

  @Override
  public void deletingForRoom(long first, long next) {
    deleting(first, next);
  }

  @Override
  public void deleted() {
    // All is noted at once.
  }
}
