package io.spillway.journal;

import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable, ordered log of JSON records: {@link #append} at the end, {@link #cursor} anywhere.
 *
 * <p>All methods may be called from any thread. None but {@link #open}, {@link #close}, {@link
 * #dropOldest} and the cursors' reads waits for the disk.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  /** Most bytes of one line, its end included: what recovery still takes for one. */
  public static final int LINE_BYTES_MAX = LineReader.LONGEST_LINE - LineStamp.MAX_BYTES - 2;

  private final JournalOptions options;
  private final DirectoryLock lock;
  private final RecoveryReport report;
  private final AppendQueue queue = new AppendQueue();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final Commits commits = new Commits();
  private final Segments segments;
  private final ActiveSegment active;
  private final Compressor compressor;
  private final Retention retention;
  private final WorkerThread writing;
  private final WorkerThread compressing;

  /**
   * Locks the directory, making it if need be, recovers what is in it and starts the writer. Blocks
   * until the journal can be used.
   *
   * @param time dates segments, by which retention goes, and measures fdatasync
   * @throws JournalLockedException if another journal has the directory open
   * @throws IOException if the directory cannot be read or written; never because files are damaged
   */
  public static Journal open(JournalOptions options, TimeSource time) throws IOException {
    return open(options, State.NONE, new Damages(), time);
  }

  /**
   * The same for an owner who knows something about it from elsewhere.
   *
   * @param known numbers as they were at some time: what a lost state file would have said
   * @param damages is told what is found damaged
   */
  public static Journal open(JournalOptions options, State known, Damages damages, TimeSource time)
      throws IOException {
    return open(options, known, damages, Disk.REAL, time);
  }

  static Journal open(JournalOptions options, Disk disk, TimeSource time) throws IOException {
    return open(options, State.NONE, new Damages(), disk, time);
  }

  private static Journal open(
      JournalOptions options, State known, Damages damages, Disk disk, TimeSource time)
      throws IOException {
    disk.makeDirectories(options.dir());
    DirectoryLock lock = DirectoryLock.take(new Layout(options.dir(), options.name()).lock());
    try {
      Recovery.Found found = new Recovery(options, known, damages, disk, time).run();
      Journal journal = new Journal(options, lock, found, disk, time);
      journal.writing.start();
      if (options.gzip()) {
        journal.compressing.start();
      }
      return journal;
    } catch (IOException | RuntimeException error) {
      lock.close();
      throw error;
    }
  }

  private Journal(
      JournalOptions options,
      DirectoryLock lock,
      Recovery.Found found,
      Disk disk,
      TimeSource time) {
    this.options = options;
    this.lock = lock;
    this.report = found.report();
    Layout layout = new Layout(options.dir(), options.name());
    Segment last = found.active();
    segments = new Segments(found.closed(), last);
    compressor = new Compressor(segments, disk);
    active =
        new ActiveSegment(
            layout, disk, time, this::head, last.first(), last.bytes(), found.exists());
    retention =
        new Retention(
            options, disk, time, segments, active, found.oldestRecord(), compressor::wake);
    Writer writer = new Writer(options, queue, segments, active, retention, commits, pendingBytes);
    writing = new WorkerThread(writer, options.name() + "-write");
    compressing = new WorkerThread(compressor, options.name() + "-compress");
  }

  /**
   * Appends whole lines, each one JSON object. Appends are stored in the order of the calls.
   *
   * <p>What waits is not bounded here: whoever appends keeps a limit, see {@link #pendingBytes}.
   *
   * @param lines each at most {@link #LINE_BYTES_MAX} bytes. FRAMED, they are on the disk all
   *     together or not at all, however many they are
   * @return the offset of the first line, once all are on the disk; completed on the writer thread,
   *     which must not be held up. Fails with {@link JournalFailure}, and then so does every later
   *     append until {@link #resume}; with {@link IllegalArgumentException}, this one alone, if a
   *     line to be stamped is no JSON object
   */
  public CompletableFuture<Long> append(Lines lines) {
    return append(new Append(lines, null));
  }

  /**
   * Appends lines, perhaps none, and in the same fdatasync what {@link Memo} is to remember. FRAMED
   * only.
   */
  public CompletableFuture<Long> append(Lines lines, byte[] memo) {
    if (options.memo() == null) {
      throw new IllegalStateException("this journal was opened without a memo");
    }
    return append(new Append(lines, memo));
  }

  private CompletableFuture<Long> append(Append append) {
    if (append.lines().hasLineOver(LINE_BYTES_MAX)) {
      throw new IllegalArgumentException("a line has at most " + LINE_BYTES_MAX + " bytes");
    }
    pendingBytes.addAndGet(append.bytes());
    JournalFailure refused = queue.offer(append);
    if (refused != null) {
      pendingBytes.addAndGet(-append.bytes());
      append.done().completeExceptionally(refused);
    }
    return append.done();
  }

  /**
   * Accepts appends again after a failure. Until then all are refused, so that none can be stored
   * before one that was handed in earlier and failed.
   */
  public void resume() {
    queue.resume();
  }

  /** The offset the next record gets; everything below is on the disk. */
  public long next() {
    return segments.now().next();
  }

  /** The lowest offset still held; {@link #next} if there is none. */
  public long first() {
    return segments.now().first();
  }

  /** Bytes of all segments on the disk. */
  public long bytes() {
    return segments.now().bytes();
  }

  /**
   * Bytes of the records from {@code offset} on: what of {@link #bytes} has to be there because of
   * them. Headers do not count, nor what lies below and cannot go yet. Up to 64 KiB too many.
   */
  public long bytesFrom(long offset) {
    return segments.now().bytesFrom(offset);
  }

  /**
   * Why appends fail, as the file that is written to was removed, renamed or cut short by somebody;
   * null if it was not. It is looked at with every commit, and each minute while nothing comes.
   */
  public JournalFailure gone() {
    return active.gone();
  }

  /** Bytes handed to {@link #append} and not yet on the disk. */
  public long pendingBytes() {
    return pendingBytes.get();
  }

  /**
   * Why segments cannot be closed or deleted just now, so that what is released stays on the disk;
   * null if they can. It is tried again every second and with every commit.
   */
  public JournalFailure stuck() {
    return retention.stuck();
  }

  /**
   * Lets go of the records below {@code below}, for good: segments that have no other are deleted
   * soon, or as soon as the disk allows it.
   */
  public void release(long below) {
    queue.offer(() -> retention.release(below));
  }

  /**
   * Deletes the oldest segment at once, to make room; returns how many records it had, 0 if there
   * is nothing to delete. Waits for the disk.
   */
  public long dropOldest() {
    if (writing.isCurrent()) {
      return retention.dropOldest();
    }
    CompletableFuture<Long> dropped = new CompletableFuture<>();
    boolean open = queue.offer(() -> dropped.completeAsync(retention::dropOldest, Runnable::run));
    return open ? dropped.join() : 0;
  }

  /** A reader that begins at {@code from}, or at the beginning of the history if that is later. */
  public Cursor cursor(long from) {
    return new Cursor(segments, options.format(), from);
  }

  /**
   * Retention leaves records at {@code offset} and above alone, whatever their age: something is
   * still to be rebuilt from them. Before the first call that is all of them, so that whoever opens
   * a journal can read it first.
   */
  public void retainFrom(long offset) {
    retention.retainFrom(offset);
    queue.offer(retention::expire); // what it held back may go now
  }

  /**
   * {@code before} is called on the writer thread before each rotation: the time to put down beside
   * the journal what would otherwise be rebuilt from segments that may go. Its exceptions are
   * logged.
   */
  public void onRotate(Runnable before) {
    retention.onRotate(before);
  }

  /** What {@link #open} found. */
  public RecoveryReport report() {
    return report;
  }

  public Stats stats() {
    int count = segments.now().closed().size() + 1;
    return commits.with(count, compressor.compressed(), report.quarantinedRecords());
  }

  /** Commits what waits, then closes. Cursors that are open stay readable. */
  @Override
  public void close() {
    queue.close(JournalFailure.closed(options.dir()));
    compressor.stop();
    if (writing.isCurrent()) {
      throw new IllegalStateException("the writer thread cannot wait for itself");
    }
    writing.join();
    compressing.join();
    try {
      lock.close();
    } catch (IOException error) {
      log.warn("unlocking {}: {}", options.dir(), error.toString());
    }
  }

  /** Lets the writer look now for what is due by the clock. */
  void tick() {
    queue.offer(() -> {});
  }

  /** Waits until the writer has done all it was asked to before, and what was due after that. */
  void sync() {
    for (int turn = 0; turn < 2; turn++) { // the second begins when the first is tidied up
      CompletableFuture<Void> reached = new CompletableFuture<>();
      if (queue.offer(() -> reached.complete(null))) {
        reached.join();
      }
    }
  }

  /** First offset of the active segment. */
  public long activeFirst() {
    return segments.now().active().first();
  }

  private byte[] head(long first) {
    if (options.format() == Format.PLAIN) {
      return new byte[0];
    }
    byte[] snapshot = options.memo() == null ? null : options.memo().snapshot();
    return Header.segment(first, snapshot).line();
  }
}
