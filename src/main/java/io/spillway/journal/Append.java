package io.spillway.journal;

import io.spillway.message.Lines;
import java.util.concurrent.CompletableFuture;

/** One call of {@link Journal#append}, on its way to the disk. */
final class Append {
  private final Lines lines;
  private final byte[] memo;
  private final CompletableFuture<Long> done = new CompletableFuture<>();

  /**
   * @param memo null for none
   */
  Append(Lines lines, byte[] memo) {
    this.lines = lines;
    this.memo = memo;
  }

  Lines lines() {
    return lines;
  }

  byte[] memo() {
    return memo;
  }

  boolean hasMemo() {
    return memo != null && memo.length > 0;
  }

  /** Completes with the offset of the first line. */
  CompletableFuture<Long> done() {
    return done;
  }

  /** Bytes it holds in memory; on the disk it may be longer by stamps and header. */
  int bytes() {
    return lines.length() + (memo == null ? 0 : memo.length);
  }
}
