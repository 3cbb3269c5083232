package io.spillway.sink;

import io.spillway.message.Lines;
import java.util.Arrays;

/**
 * Neighbouring records on their way to a database.
 *
 * @param from where the sink stood before; below {@code first} if records between are gone
 * @param first offset of the first line
 */
record SinkBatch(long from, long first, Lines lines) {
  /** Where the sink stands when it is written. */
  long next() {
    return first + lines.count();
  }

  /** Only the first {@code count} records. */
  SinkBatch limit(int count) {
    return new SinkBatch(from, first, lines.limit(count));
  }

  /** What comes after the first {@code count} records, once these are written. */
  SinkBatch skip(int count) {
    return new SinkBatch(first + count, first + count, lines.skip(count));
  }

  /** The last record alone, of one at least; a copy, so that the others can be let go of. */
  SinkBatch last() {
    int start = lines.to() - 1; // its line end
    while (start > lines.from() && lines.array()[start - 1] != '\n') {
      start--;
    }
    byte[] record = Arrays.copyOfRange(lines.array(), start, lines.to());
    return new SinkBatch(next() - 1, next() - 1, new Lines(record, 1));
  }

  /** None of the records, but the same step. */
  SinkBatch passed() {
    return new SinkBatch(from, next(), Lines.NONE);
  }
}
