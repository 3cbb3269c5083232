package io.spillway.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes segments: what their memos say is kept first, and a file that the disk does not let go of
 * is tried again.
 */
final class Deletion {
  private static final Logger log = LoggerFactory.getLogger(Deletion.class);

  private final JournalOptions options;
  private final Disk disk;

  /** What was said of the last that could not be put down; empty since one was. */
  private String unnoted = "";

  /** Files of no segment any more that the disk would not delete. */
  private final Deque<Path> undeleted = new ArrayDeque<>();

  Deletion(JournalOptions options, Disk disk) {
    this.options = options;
    this.disk = disk;
  }

  /** Takes the oldest closed segment out, and deletes its file. */
  Segment oldestOf(Segments segments) {
    keepMemo();
    Segment oldest = segments.removeOldest();
    if (!delete(oldest.file())) {
      log.warn("cannot delete {} now; it is tried again", oldest.file());
    }
    return oldest;
  }

  /**
   * The same, because a policy says so.
   *
   * @param released nobody needs what is below
   */
  Segment byPolicy(Segments segments, long released) {
    Segment oldest = segments.now().closed().get(0);
    long first = Math.max(oldest.first(), released);
    if (options.notes() != null && first < oldest.next()) {
      try {
        options.notes().deleting(first, oldest.next());
        unnoted = "";
      } catch (IOException error) {
        tellUnnoted(JournalFailure.words(error));
      }
    }
    return oldestOf(segments);
  }

  /** Once for each reason: a full disk fails so for each segment that makes room. */
  private void tellUnnoted(String why) {
    if (!why.equals(unnoted)) {
      log.warn("journal {}: not noted what is deleted: {}", options.dir(), why);
    }
    unnoted = why;
  }

  /** Whether files are left to be tried again. */
  boolean isPending() {
    return !undeleted.isEmpty();
  }

  void again() {
    for (int left = undeleted.size(); left > 0; left--) {
      delete(undeleted.removeFirst());
    }
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
      log.warn("journal {}: the memo is not kept: {}", options.dir(), JournalFailure.words(error));
    }
  }
}
