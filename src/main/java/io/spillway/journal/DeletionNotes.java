package io.spillway.journal;

import java.io.IOException;

/**
 * Puts down what a policy deletes, so that it can be told from what was lost. What its reader has
 * {@linkplain Journal#release released} is no part of it.
 */
@FunctionalInterface
public interface DeletionNotes {
  /**
   * The records from {@code first} to in front of {@code next} are about to go, by age, by size or
   * to make room. On the writer thread. They go whatever happens here: a disk that is full needs
   * the room.
   *
   * @throws IOException if it could not be put down; then it may be with what is deleted next
   */
  void deleting(long first, long next) throws IOException;
}
