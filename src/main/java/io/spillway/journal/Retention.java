package io.spillway.journal;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30); // told within a minute
  private static final Duration TRY_EVERY = Duration.ofSeconds(1);

  private final JournalOptions options;
  private final Layout layout;
  private final Disk disk;
  private final TimeSource time;
  private final Segments segments;
  private final ActiveSegment active;
  private final Runnable closedOne;
  private final List<Runnable> beforeRotation = new CopyOnWriteArrayList<>();
  private final Deletion deletion;
  private final Instant beganWall;
  private final long beganNanos;
  private final RetentionClock clock;
  private Instant oldestRecord;
  private Instant looked = Instant.MIN;
  private long released; // nobody needs what is below
  private volatile JournalFailure stuck;
  private volatile long retainedFrom; // until somebody says otherwise, all is still needed

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
    deletion = new Deletion(options, disk, time);
    this.active = active;
    this.oldestRecord = oldestRecord;
    this.closedOne = closedOne;
    beganWall = Instant.ofEpochMilli(time.wallMs());
    beganNanos = time.nanoTime();
    clock = new RetentionClock(newest(), beganWall, beganNanos);
  }

  private Instant newest() {
    Instant newest = null;
    List<Segment> all = new ArrayList<>(segments.now().closed());
    all.add(segments.now().active());
    for (Segment each : all.subList(Math.max(0, all.size() - 2), all.size())) {
      try {
        Instant written = Files.getLastModifiedTime(each.file()).toInstant();
        newest = newest == null || written.isAfter(newest) ? written : newest;
      } catch (IOException notThere) {
        // It has yet to be made.
      }
    }
    return newest;
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
    Duration wait = untilLook();
    if (oldestRecord != null && !options.segmentAge().isZero()) {
      Duration left = Duration.between(now(), oldestRecord.plus(options.segmentAge()));
      wait = left.compareTo(wait) < 0 ? left : wait;
    }
    boolean again = stuck != null || deletion.isPending() || active.gone() != null;
    return again ? TRY_EVERY.toNanos() : Math.max(wait.toNanos(), 1_000_000);
  }

  /** Why there is no new segment, or no old one goes, as it should; null if all is well. */
  JournalFailure stuck() {
    return stuck == null ? deletion.refused() : stuck;
  }

  /**
   * Whatever is due: rotation after every commit, retention after a rotation or a while, and a look
   * at the active file as often, which a commit takes as well.
   */
  void tidy() {
    boolean rotated = due() && rotate();
    boolean again = untilLook().isZero();
    looked = again ? now() : looked;
    if (again || active.gone() != null) {
      active.look();
    }
    letGo();
    if (rotated || again) {
      expire();
    }
  }

  private Duration untilLook() {
    Instant at = looked.plus(LOOK_EVERY);
    return now().isBefore(at) ? Duration.between(now(), at) : Duration.ZERO;
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
      active.check(); // nothing of a failed write, or of another file, may go into a closed one
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
      log.warn(
          "journal {}: cannot begin a new segment: {}", layout.dir(), JournalFailure.words(error));
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
    deletion.again();
    if (!active.exists() && stuck != null) {
      begin(); // or the last closed segment would have to stay
    }
    Segment now = segments.now().active();
    if (now.next() <= released && now.bytes() > options.segmentBytes() / 2) {
      rotate();
    }
    while (mayDelete() && segments.now().closed().get(0).next() <= released) {
      deletion.oldestOf(segments);
    }
  }

  /**
   * Deletes the oldest segment, even if it is the active one; returns how many records it had, 0 if
   * it stays: nothing goes before it is noted, and nothing where the disk deletes nothing.
   */
  long dropOldest() {
    if (segments.now().closed().isEmpty()) {
      rotate();
    }
    Segment gone = mayDelete() ? deletion.byPolicy(segments, released) : null;
    return gone == null ? 0 : gone.next() - gone.first();
  }

  void expire() {
    while (mayDelete() && expired(segments.now())) {
      Segment gone = deletion.byPolicy(segments, released);
      if (gone == null) {
        return;
      }
      log.info("retention deletes {}", gone.file());
    }
  }

  void close() {
    deletion.close();
  }

  private boolean expired(Segments.View view) {
    if (view.closed().get(0).next() > retainedFrom) {
      return false;
    }
    boolean several = view.closed().size() > 1; // what has just come stays, be it more than that
    if (several && options.keepBytes() > 0 && view.bytes() > options.keepBytes()) {
      return true;
    }
    if (options.keepAge().isZero()) {
      return false;
    }
    try {
      Instant written = Files.getLastModifiedTime(view.closed().get(0).file()).toInstant();
      Instant wall = Instant.ofEpochMilli(time.wallMs());
      return written.isBefore(clock.now(wall, time.nanoTime()).minus(options.keepAge()));
    } catch (NoSuchFileException goneAlready) {
      return true;
    } catch (IOException error) {
      log.warn("retention: {}", JournalFailure.words(error));
      return false;
    }
  }

  /**
   * Whether there is a closed segment that may go. The last one may not while the active one could
   * not be made, on a full disk: after a crash it alone tells which offsets have been given away.
   */
  private boolean mayDelete() {
    int closed = segments.now().closed().size();
    return !deletion.isClogged() && (closed > 1 || (closed == 1 && active.exists()));
  }

  /** For intervals: from the wall clock's time at the beginning on, whatever that does since. */
  private Instant now() {
    return beganWall.plusNanos(time.nanoTime() - beganNanos);
  }
}
