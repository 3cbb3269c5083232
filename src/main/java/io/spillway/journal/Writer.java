package io.spillway.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes. Group commit: one write and one fdatasync for all that waited, and again
 * as soon as that is done. While it waits for the disk, the next commit gathers by itself.
 */
final class Writer implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);

  /** A commit takes no further append beyond this. */
  static final int COMMIT_BYTES = 1 << 20;

  /** So many appends shared the last commit: waiting a little for more pays. */
  private static final int CROWD = 8;

  private final JournalOptions options;
  private final AppendQueue queue;
  private final Segments segments;
  private final ActiveSegment active;
  private final Retention retention;
  private final Commits commits;
  private final AtomicLong pendingBytes;
  private final GatheringWrite gatheringWrite;
  private final List<Append> batch = new ArrayList<>();
  private int lastAppends;

  Writer(
      JournalOptions options,
      AppendQueue queue,
      Segments segments,
      ActiveSegment active,
      Retention retention,
      Commits commits,
      AtomicLong pendingBytes) {
    this.options = options;
    this.queue = queue;
    this.segments = segments;
    this.active = active;
    this.retention = retention;
    this.commits = commits;
    this.pendingBytes = pendingBytes;
    this.gatheringWrite = new GatheringWrite(options.format(), options.stamp());
  }

  @Override
  public void run() {
    try {
      while (queue.await(retention.idleNanos())) {
        chores();
        takeBatch();
        commit();
        tidy();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      active.close();
      refuseRest();
      retention.close();
    }
  }

  private void chores() {
    for (Runnable chore : queue.chores()) {
      try {
        chore.run();
      } catch (RuntimeException error) {
        log.error("journal {}: a chore failed", options.dir(), error);
      }
    }
  }

  private void tidy() {
    try {
      retention.tidy();
    } catch (RuntimeException error) {
      log.error("journal {}: rotation or retention failed", options.dir(), error);
    }
  }

  private void takeBatch() throws InterruptedException {
    if (lastAppends >= CROWD && !options.linger().isZero()) {
      queue.linger(options.linger().toNanos());
    }
    batch.clear();
    queue.drainTo(batch, COMMIT_BYTES);
    lastAppends = batch.size();
  }

  private void commit() {
    if (batch.isEmpty()) {
      return;
    }
    try {
      long[] offsets = write();
      succeeded(offsets);
    } catch (IOException | RuntimeException | OutOfMemoryError error) {
      failed(JournalFailure.of(options.dir(), error));
    }
  }

  /** The first offset of each append of the batch, or -1 if it cannot be written. */
  private long[] write() throws IOException {
    gatheringWrite.clear();
    active.ready();
    long next = segments.now().next();
    long[] offsets = new long[batch.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = gathered(batch.get(i), next);
      next += offsets[i] < 0 ? 0 : batch.get(i).lines().count();
    }
    segments.now().active().sparseIndex().add(segments.now().next(), active.length());
    active.append(gatheringWrite.bytes());
    commits.succeeded(next - segments.now().next(), active.lastFsyncNanos());
    segments.grow(next, active.length());
    retention.wrote();
    return offsets;
  }

  // A caller's mistake fails that append alone: the disk is all right, and so are the others.
  private long gathered(Append append, long offset) {
    try {
      gatheringWrite.add(append, offset);
      return offset;
    } catch (IllegalArgumentException mistake) {
      append.done().completeExceptionally(mistake);
      return -1;
    }
  }

  private void succeeded(long[] offsets) {
    for (int i = 0; i < offsets.length; i++) {
      Append append = batch.get(i);
      if (offsets[i] >= 0 && append.hasMemo()) {
        remember(append, offsets[i]);
      }
    }
    for (int i = 0; i < offsets.length; i++) {
      pendingBytes.addAndGet(-batch.get(i).bytes());
      batch.get(i).done().complete(offsets[i]);
    }
  }

  private void remember(Append append, long offset) {
    try {
      options.memo().remember(append.memo(), offset, append.lines().count());
    } catch (RuntimeException error) {
      log.error("journal {}: memo not remembered", options.dir(), error);
    }
  }

  private void failed(JournalFailure failure) {
    commits.failed();
    List<Append> waiting = queue.fail(failure);
    fail(batch, failure);
    fail(waiting, failure);
  }

  private void refuseRest() {
    JournalFailure closed = JournalFailure.closed(options.dir());
    queue.close(closed);
    fail(queue.fail(closed), closed);
  }

  private void fail(List<Append> appends, JournalFailure failure) {
    for (Append append : appends) {
      pendingBytes.addAndGet(-append.bytes());
      append.done().completeExceptionally(failure);
    }
  }
}
