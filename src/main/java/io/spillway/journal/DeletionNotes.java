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
   * @throws IOException if it cannot be put down: then they stay, and nothing was noted
   */
  void deleting(long first, long next) throws IOException;

  /**
   * They go before it is put down: the disk has no room for that, and they make some. Waits for
   * nothing.
   */
  void deletingForRoom(long first, long next);

  /**
   * They have gone: puts down what could not be before. On the writer thread.
   *
   * @throws IOException if it still cannot; it is tried again with what goes next
   */
  void deleted() throws IOException;
}
