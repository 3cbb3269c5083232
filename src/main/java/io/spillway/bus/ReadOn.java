package io.spillway.bus;

import io.spillway.redelivery.Habit;

/**
 * Where the messages of a {@link Chunk} were read.
 *
 * @param connection its number, as {@link Channels#connecting} gave it
 * @param habit how the broker gives packet identifiers, as far as the source has seen it
 * @param copies messages that were left out: they came twice, while the first was on its way
 */
public record ReadOn(int connection, Habit habit, int copies) {

  /** Of a further part of the same chunk: what was left out is counted once. */
  public ReadOn withoutCopies() {
    return new ReadOn(connection, habit, 0);
  }
}
