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

  private static final int UNDELETED_MAX = 8;

  private final JournalOptions options;
  private final Disk disk;

  /** What was said of the last that could not be put down; empty since one was. */
  private String unnoted = "";

  /** Whether it was told that one cannot be deleted. */
  private boolean told;

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
    noteRest(options.notes());
    return gone;
  }

  private boolean mayGo(DeletionNotes notes, long first, long next) {
    try {
      notes.deleting(first, next);
      return true;
    } catch (IOException error) {
      boolean makesRoom = JournalFailure.kindOf(error) == JournalFailure.Kind.DISK_FULL;
      if (makesRoom && unnoted.isEmpty()) {
        notes.deletingForRoom(first, next);
        return true;
      }
      tellUnnoted(JournalFailure.words(error));
      return false;
    }
  }

  private void noteRest(DeletionNotes notes) {
    try {
      notes.deleted();
      if (!unnoted.isEmpty()) {
        log.info("journal {}: what is deleted is noted again", options.dir());
      }
      unnoted = "";
    } catch (IOException error) {
      tellUnnoted(JournalFailure.words(error));
    }
  }

  /** Once for each reason: it is tried again for each record that wants room. */
  private void tellUnnoted(String why) {
    if (!why.equals(unnoted)) {
      log.warn(
          "journal {}: nothing more is deleted before it can be noted what is: see that there is"
              + " room, and that this user may write there: {}",
          options.dir(),
          why);
    }
    unnoted = why;
  }

  /** Whether files are left to be tried again. */
  boolean isPending() {
    return !undeleted.isEmpty();
  }

  /** Whether so many are left that to take out more segments would make no room. */
  boolean isClogged() {
    return undeleted.size() >= UNDELETED_MAX;
  }

  void again() {
    boolean wasPending = isPending();
    for (int left = undeleted.size(); left > 0; left--) {
      delete(undeleted.removeFirst());
    }
    if (wasPending && !isPending()) {
      log.info("journal {}: all files are deleted that were to be", options.dir());
      told = false;
    }
  }

  private void delete(Path file) {
    try {
      disk.delete(file);
    } catch (IOException error) {
      undeleted.addLast(file);
      if (!told) {
        log.warn(
            "journal {}: a file cannot be deleted, and is tried again each second: see that this"
                + " user may delete it: {}",
            options.dir(),
            JournalFailure.words(error));
      }
      told = true;
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
