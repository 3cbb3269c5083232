package io.spillway.replay;

import io.spillway.message.Lines;
import java.util.List;

/**
 * Lines of consecutive numbers.
 *
 * @param first the number of the first one
 */
record Piece(long first, List<Outgoing> outgoing) {
  /** The number behind the last one. */
  long next() {
    return first + outgoing.size();
  }

  int bytes() {
    return outgoing.stream().mapToInt(line -> line.bytes().length + 1).sum();
  }

  /** As they are sent to a server. */
  Lines lines() {
    Lines.Builder lines = new Lines.Builder(bytes());
    outgoing.forEach(line -> lines.add(line.bytes(), 0, line.bytes().length));
    return lines.build();
  }
}
