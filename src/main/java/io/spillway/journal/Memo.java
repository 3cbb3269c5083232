package io.spillway.journal;

import java.io.IOException;

/**
 * Something the owner wants to remember across a crash, written in the same fdatasync as records.
 *
 * <p>Before {@link Journal#open} returns, {@link #restore} and {@link #remember} are called on the
 * opening thread; afterwards {@link #remember} and {@link #snapshot} on the writer thread.
 */
public interface Memo {
  /**
   * The append whose {@code count} records begin at {@code firstOffset} is on the disk, together
   * with {@code memo}.
   */
  void remember(byte[] memo, long firstOffset, int count);

  /**
   * All that is remembered now; it goes to the head of a new segment, so older ones can go. At most
   * 8 MiB; empty where {@link #keep} has put it elsewhere.
   */
  byte[] snapshot();

  /**
   * A segment is about to go, and with it what was remembered in it: the time to put that on the
   * disk elsewhere. On the writer thread.
   *
   * @throws IOException if that failed
   */
  default void keep() throws IOException {}

  /** Replaces all that is remembered by an earlier {@link #snapshot}. */
  void restore(byte[] snapshot);
}
