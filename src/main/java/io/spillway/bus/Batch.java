package io.spillway.bus;

import io.spillway.message.Lines;

/**
 * Records on their way to the server: sequence numbers {@code first} to {@code first +
 * lines.count() - 1} of one edge and epoch, without a hole.
 *
 * @param oldest the lowest sequence number that the edge still holds
 */
public record Batch(String edge, String epoch, long oldest, long first, Lines lines) {

  /** The sequence number behind the last record. */
  public long next() {
    return first + lines.count();
  }

  void encode(WireWriter out) {
    out.text(edge).text(epoch).number(oldest).number(first).lines(lines);
  }

  static Batch decode(WireReader in) {
    return new Batch(in.text(), in.text(), in.number(), in.number(), in.lines());
  }
}
