package io.spillway.journal;

import java.io.IOException;

/**
 * Puts down what a policy deletes, so that it can be told from what was lost. What its reader has
 * {@linkplain Journal#release released} is no part of it.
 */
public interface DeletionNotes {
  /**
   * The records from {@code first} to in front of {@code next} are about to go, by age, by size or
   * to make room. On the writer thread.
   *
   * @throws IOException if it cannot be put down: then they stay, and do not count as noted; should
   *     the disk have it all the same, {@link #deleted} sets that right
   */
  void deleting(long first, long next) throws IOException;

  /**
   * They go before it is put down: the disk has no room for that, and they make some. Waits for
   * nothing.
   */
  void deletingForRoom(long first, long next);

  /**
   * Puts down what could not be before: of what has gone, and of what was to go and stayed. On the
   * writer thread.
   *
   * @throws IOException if it still cannot; it is tried again each second
   */
  void deleted() throws IOException;
}
