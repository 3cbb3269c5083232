package io.spillway.journal;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes segments that are full or old and deletes those that are released, expired or too many.
 * Runs on the writer thread, so it never meets a write half-way.
 */
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  private static final Duration TRY_EVERY = Duration.ofSeconds(1);

  private final JournalOptions options;
  private final Layout layout;
  private final Disk disk;
  private final TimeSource time;
  private final Segments segments;
  private final ActiveSegment active;
  private final Runnable closedOne;
  private final List<Runnable> beforeRotation = new CopyOnWriteArrayList<>();

  /** Files of no segment any more that the disk would not delete. */
  private final Deque<Path> undeleted = new ArrayDeque<>();

  private Instant oldestRecord;
  private Instant looked = Instant.MIN;
  private long released; // nobody needs what is below
  private volatile JournalFailure stuck;
  private volatile long retainedFrom = Long.MAX_VALUE;

  /**
   * @param oldestRecord when the active segment got its first record; null if it has none
   * @param closedOne told after each rotation
   */
  Retention(
      JournalOptions options,
      Disk disk,
      TimeSource time,
      Segments segments,
      ActiveSegment active,
      Instant oldestRecord,
      Runnable closedOne) {
    this.options = options;
    this.layout = new Layout(options.dir(), options.name());
    this.disk = disk;
    this.time = time;
    this.segments = segments;
    this.active = active;
    this.oldestRecord = oldestRecord;
    this.closedOne = closedOne;
  }

  void retainFrom(long offset) {
    retainedFrom = offset;
  }

  void onRotate(Runnable before) {
    beforeRotation.add(before);
  }

  /** Records were committed. */
  void wrote() {
    Segment now = segments.now().active();
    if (oldestRecord == null && now.next() > now.first()) {
      oldestRecord = now();
    }
  }

  /** How long the writer may sleep before {@link #tidy} has to be called again. */
  long idleNanos() {
    Duration wait = LOOK_EVERY;
    if (oldestRecord != null && !options.segmentAge().isZero()) {
      Duration left = Duration.between(now(), oldestRecord.plus(options.segmentAge()));
      wait = left.compareTo(wait) < 0 ? left : wait;
    }
    boolean again = stuck != null || !undeleted.isEmpty();
    return again ? TRY_EVERY.toNanos() : Math.max(wait.toNanos(), 1_000_000);
  }

  /** Why there is no new segment, although there should be one; null if all is well. */
  JournalFailure stuck() {
    return stuck;
  }

  /** Whatever is due: rotation after every commit, retention after a rotation or a minute. */
  void tidy() {
    boolean rotated = due() && rotate();
    letGo();
    if (rotated || now().isAfter(looked.plus(LOOK_EVERY))) {
      expire();
    }
  }

  private boolean due() {
    boolean full = active.appended() >= options.segmentBytes();
    boolean old =
        oldestRecord != null
            && !options.segmentAge().isZero()
            && !now().isBefore(oldestRecord.plus(options.segmentAge()));
    return full || old;
  }

  /** Closes the active segment if it has a record; false if it has none or the disk refuses. */
  boolean rotate() {
    Segment closing = segments.now().active();
    Path to = layout.closed(closing.first());
    try {
      active.ready(); // nothing of a failed write may go into a closed segment
      if (closing.next() == closing.first()) {
        renewIfFull();
        unstuck();
        return false;
      }
      beforeRotation.forEach(Retention::tell);
      segments.rotate(closing.at(to, closing.bytes()), () -> disk.move(layout.active(), to));
    } catch (IOException | RuntimeException error) {
      stuckAt(error);
      return false;
    }
    active.renamed(closing.next());
    oldestRecord = null;
    begin();
    closedOne.run();
    return true;
  }

  // Memos alone: the snapshot at its head says the same, in less room.
  private void renewIfFull() throws IOException {
    if (active.appended() >= options.segmentBytes()) {
      if (options.memo() != null) {
        options.memo().keep();
      }
      active.renew();
      segments.renew(active.length());
    }
  }

  // If this fails, the next commit tries it again and, if need be, fails with the reason.
  private void begin() {
    try {
      disk.syncDirectory(layout.dir());
      active.ready();
      segments.grow(segments.now().next(), active.length());
      unstuck();
    } catch (IOException | RuntimeException error) {
      stuckAt(error);
    }
  }

  private void stuckAt(Exception error) {
    if (stuck == null) {
      log.warn("journal {}: cannot begin a new segment: {}", layout.dir(), error.toString());
    }
    stuck = JournalFailure.of(layout.dir(), error);
  }

  private void unstuck() {
    if (stuck != null) {
      log.info("journal {}: begins new segments again", layout.dir());
    }
    stuck = null;
  }

  private static void tell(Runnable owner) {
    try {
      owner.run();
    } catch (RuntimeException error) {
      log.error("before rotation", error);
    }
  }

  /** What lies below {@code below} may go: now, or as soon as the disk allows it. */
  void release(long below) {
    released = Math.max(released, below);
    letGo();
  }

  private void letGo() {
    deleteAgain();
    if (!active.exists() && stuck != null) {
      begin(); // or the last closed segment would have to stay
    }
    Segment now = segments.now().active();
    if (now.next() <= released && now.bytes() > options.segmentBytes() / 2) {
      rotate();
    }
    while (mayDelete() && segments.now().closed().get(0).next() <= released) {
      deleteOldest();
    }
  }

  private void deleteAgain() {
    for (int left = undeleted.size(); left > 0; left--) {
      delete(undeleted.removeFirst());
    }
  }

  /** Deletes the oldest segment, even if it is the active one; returns how many records it had. */
  long dropOldest() {
    if (segments.now().closed().isEmpty()) {
      rotate();
    }
    if (!mayDelete()) {
      return 0;
    }
    Segment gone = deleteOldest();
    return gone.next() - gone.first();
  }

  /** Deletes what is due. */
  void expire() {
    looked = now();
    while (mayDelete() && expired(segments.now())) {
      Segment gone = deleteOldest();
      log.info("retention deleted {}", gone.file());
    }
  }

  private boolean expired(Segments.View view) {
    if (view.closed().get(0).next() > retainedFrom) {
      return false;
    }
    if (options.keepBytes() > 0 && view.bytes() > options.keepBytes()) {
      return true;
    }
    if (options.keepAge().isZero()) {
      return false;
    }
    try {
      Instant written = Files.getLastModifiedTime(view.closed().get(0).file()).toInstant();
      return written.isBefore(now().minus(options.keepAge()));
    } catch (NoSuchFileException goneAlready) {
      return true;
    } catch (IOException error) {
      log.warn("retention: {}", error.toString());
      return false;
    }
  }

  /**
   * Whether there is a closed segment that may go. The last one may not while the active one could
   * not be made, on a full disk: after a crash it alone tells which offsets have been given away.
   */
  private boolean mayDelete() {
    int closed = segments.now().closed().size();
    return closed > 1 || (closed == 1 && active.exists());
  }

  private Segment deleteOldest() {
    keepMemo();
    Segment oldest = segments.removeOldest();
    if (!delete(oldest.file())) {
      log.warn("cannot delete {} now; it is tried again", oldest.file());
    }
    return oldest;
  }

  private boolean delete(Path file) {
    try {
      disk.delete(file);
      return true;
    } catch (IOException error) {
      log.debug("deleting {}: {}", file, error.toString());
      undeleted.addLast(file);
      return false;
    }
  }

  // If the disk is full, it is the segment that has to go first. Should the process die just then,
  // what its memos said is forgotten; a disk that stays full for ever would be the alternative.
  private void keepMemo() {
    if (options.memo() == null) {
      return;
    }
    try {
      options.memo().keep();
    } catch (IOException error) {
      log.warn("journal {}: the memo is not kept: {}", layout.dir(), error.toString());
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMs());
  }
}
