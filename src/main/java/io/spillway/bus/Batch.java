package io.spillway.bus;

import io.spillway.message.Lines;

/**
 * Records on their way to the server: sequence numbers {@code first} to {@code first +
 * lines.count() - 1} of one edge and epoch, without a hole.
 *
 * @param oldest the lowest sequence number that the edge still holds
 * @param end the lowest one that it has not given out, as far as it knows: a server that has it has
 *     it from another spool with these numbers
 */
public record Batch(Origin origin, long oldest, long end, long first, Lines lines) {
  public String edge() {
    return origin.edge();
  }

  public String epoch() {
    return origin.epoch();
  }

  /** The sequence number behind the last record. */
  public long next() {
    return first + lines.count();
  }

  /**
   * The answer to it.
   *
   * @param next everything below is at the server
   * @param acknowledged the server says so itself; otherwise it has read that far, and no more is
   *     known
   */
  public Forwarded forwarded(long next, boolean acknowledged) {
    return new Forwarded(edge(), epoch(), first, next, acknowledged);
  }

  /** Whether this is the answer to it: on a bus that several edges share it may be another's. */
  public boolean isAnsweredBy(Forwarded answer) {
    return answer.edge().equals(edge())
        && answer.epoch().equals(epoch())
        && answer.first() == first;
  }

  void encode(WireWriter out) {
    origin.encode(out);
    out.number(oldest).number(end).number(first).lines(lines);
  }

  static Batch decode(WireReader in) {
    return new Batch(Origin.decode(in), in.number(), in.number(), in.number(), in.lines());
  }
}
