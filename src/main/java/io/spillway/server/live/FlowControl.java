package io.spillway.server.live;

import java.util.concurrent.TimeUnit;

/**
 * Whether a client takes what it is sent, judged by its connection's queue: how much was put in,
 * and how much of that is still there. Times are of the monotonic clock, in nanoseconds.
 */
final class FlowControl {
  /** A queue that has not moved for so long belongs to a client that does not read. */
  private static final long STANDS_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What Netty counts for each buffer that waits, beside its bytes. */
  private static final int PER_BUFFER = 96;

  private long offered;
  private long taken;
  private long movedNanos;
  private boolean behind;
  private long behindNanos;

  FlowControl(long nowNanos) {
    movedNanos = nowNanos;
  }

  /** A buffer of so many bytes was put into the queue. */
  void sent(int bytes) {
    offered += bytes + PER_BUFFER;
  }

  /**
   * Looks whether anything has moved since the last look.
   *
   * @param waiting bytes in the queue, as Netty counts them
   * @param begun how many of them the kernel has taken already
   */
  void look(long nowNanos, long waiting, long begun) {
    long takenNow = offered - waiting + begun;
    if (takenNow != taken || waiting == 0) {
      taken = takenNow;
      movedNanos = nowNanos;
    }
  }

  /**
   * Its queue is full.
   *
   * @return since when it is behind: from before, if it has not {@linkplain #keepsUp kept up}
   *     meanwhile; one that catches up with a queue as full as that is behind again at once
   */
  long fallsBehind(long nowNanos) {
    if (!behind) {
      behind = true;
      behindNanos = nowNanos;
    }
    return behindNanos;
  }

  /** It gets what comes as it comes, and has little waiting. */
  void keepsUp() {
    behind = false;
  }

  /** True if something waits and nothing of it has moved for a while: nobody reads. */
  boolean stands(long nowNanos) {
    return nowNanos - movedNanos > STANDS_NANOS;
  }
}
