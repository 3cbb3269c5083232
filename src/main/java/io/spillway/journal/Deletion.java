package io.spillway.journal;

import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes segments: what their memos say is kept first, and a file that the disk does not let go of
 * is tried again.
 */
final class Deletion {
  private static final long TRY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Logger log = LoggerFactory.getLogger(Deletion.class);

  private static final int UNDELETED_MAX = 8;

  private final JournalOptions options;
  private final Disk disk;
  private final TimeSource time;

  /** Why nothing is deleted any more that a policy wants deleted; null while it is. */
  private volatile JournalFailure refused;

  private long triedNanos;

  /** Whether something went to make room, and is not noted yet. */
  private boolean owed;

  /** Why the first of them could not be deleted; null while there is none. */
  private volatile JournalFailure undeletable;

  /** Files of no segment any more that the disk would not delete. */
  private final Deque<Path> undeleted = new ConcurrentLinkedDeque<>();

  Deletion(JournalOptions options, Disk disk, TimeSource time) {
    this.options = options;
    this.disk = disk;
    this.time = time;
  }

  /** Takes the oldest closed segment out, and deletes its file. */
  Segment oldestOf(Segments segments) {
    keepMemo();
    Segment oldest = segments.removeOldest();
    delete(oldest.file());
    return oldest;
  }

  /**
   * The same, because a policy says so.
   *
   * @param released nobody needs what is below
   * @return null if it stays, because that it goes cannot be noted
   */
  Segment byPolicy(Segments segments, long released) {
    Segment oldest = segments.now().closed().get(0);
    long first = Math.max(oldest.first(), released);
    if (options.notes() == null || first >= oldest.next()) {
      return oldestOf(segments);
    }
    if (!mayGo(options.notes(), first, oldest.next())) {
      return null;
    }
    Segment gone = oldestOf(segments);
    if (owed) {
      noteRest();
    }
    return gone;
  }

  private boolean mayGo(DeletionNotes notes, long first, long next) {
    try {
      notes.deleting(first, next);
      noted();
      return true;
    } catch (IOException error) {
      if (isForWantOfRoom(error) && !owed) {
        notes.deletingForRoom(first, next);
        owed = true;
        return true;
      }
      tellUnnoted(error);
      return false;
    }
  }

  private void noteRest() {
    try {
      options.notes().deleted();
      noted();
    } catch (IOException error) {
      if (owed || !isForWantOfRoom(error)) {
        tellUnnoted(error);
      } else {
        refused = null; // the next one may go for room
      }
    }
  }

  private static boolean isForWantOfRoom(IOException error) {
    return JournalFailure.kindOf(error) == JournalFailure.Kind.DISK_FULL;
  }

  private void noted() {
    if (refused != null) {
      log.info("journal {}: what is deleted is noted again", options.dir());
    }
    refused = null;
    owed = false;
  }

  /** Once for each reason: it is tried again for each record that wants room. */
  private void tellUnnoted(IOException error) {
    JournalFailure failure = JournalFailure.of(options.dir(), error);
    if (refused == null || !refused.getMessage().equals(failure.getMessage())) {
      log.warn(
          "journal {}: nothing more is deleted before it can be noted what is: see that there is"
              + " room, and that this user may write there: {}",
          options.dir(),
          JournalFailure.words(error));
    }
    refused = failure;
    triedNanos = time.nanoTime();
  }

  /** Why nothing is deleted any more that should be; null if it is. On any thread. */
  JournalFailure refused() {
    return isClogged() ? undeletable : refused;
  }

  /** Whether something is left to be tried again: to delete, or to note. */
  boolean isPending() {
    return isUnnoted() || !undeleted.isEmpty();
  }

  private boolean isUnnoted() {
    return owed || refused != null;
  }

  /** Whether so many are left that to take out more segments would make no room. */
  boolean isClogged() {
    return undeleted.size() >= UNDELETED_MAX;
  }

  /** Nothing more is deleted. */
  void close() {
    if (isUnnoted()) {
      noteRest();
    }
  }

  void again() {
    if (isUnnoted() && time.nanoTime() - triedNanos >= TRY_EVERY_NANOS) {
      noteRest(); // which writes to the disk, so not with every commit
    }
    for (int left = undeleted.size(); left > 0; left--) {
      delete(undeleted.removeFirst());
    }
    if (undeletable != null && undeleted.isEmpty()) {
      log.info("journal {}: all files are deleted that were to be", options.dir());
      undeletable = null;
    }
  }

  private void delete(Path file) {
    try {
      disk.delete(file);
    } catch (IOException error) {
      undeleted.addLast(file);
      if (undeletable == null) {
        log.warn(
            "journal {}: a file cannot be deleted, and is tried again each second: see that this"
                + " user may delete it: {}",
            options.dir(),
            JournalFailure.words(error));
      }
      undeletable = JournalFailure.of(options.dir(), error);
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
      log.warn("journal {}: the memo is not kept: {}", options.dir(), JournalFailure.words(error));
    }
  }
}
