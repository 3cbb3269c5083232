package io.spillway.bus;

import io.spillway.message.Lines;

/**
 * Records on their way to the server: sequence numbers {@code first} to {@code first +
 * lines.count() - 1} of one edge and epoch, without a hole.
 *
 * @param oldest the lowest sequence number that the edge still holds
 * @param end the lowest one that it has not given out, as far as it knows: a server that has it has
 *     it from another spool with these numbers
 * @param assured below it a server has everything, as it has said itself; 1 if none has
 */
public record Batch(Origin origin, long oldest, long end, long assured, long first, Lines lines) {
  /** Of an epoch of which no server has said anything. */
  public Batch(Origin origin, long oldest, long end, long first, Lines lines) {
    this(origin, oldest, end, 1, first, lines);
  }

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
    out.number(oldest).number(end).number(assured).number(first).lines(lines);
  }

  static Batch decode(WireReader in) {
    Origin origin = Origin.decode(in);
    return new Batch(origin, in.number(), in.number(), in.number(), in.number(), in.lines());
  }
}
