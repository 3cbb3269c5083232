package io.spillway.source;

import java.time.Duration;

/**
 * When messages go to the disk together, to share a commit.
 *
 * @param linger how long they may gather in the socket
 * @param fromPerSecond how many have to come in a second for that to be worth it
 */
public record LingerPolicy(Duration linger, int fromPerSecond) {
  private static final int SOME = 200;
  private static final int MANY = 3_000;

  /**
   * Where a batch waits for much longer than the linger, the linger costs nobody anything; where it
   * goes at once, only many messages are worth the delay.
   */
  public static LingerPolicy of(Duration linger, Duration batchInterval) {
    boolean free = batchInterval.compareTo(linger.multipliedBy(10)) >= 0;
    return new LingerPolicy(linger, free ? SOME : MANY);
  }
}
