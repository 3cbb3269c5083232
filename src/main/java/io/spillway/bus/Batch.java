package io.spillway.bus;

import io.spillway.message.Lines;

/**
 * Records on their way to the server: sequence numbers {@code first} to {@code first +
 * lines.count() - 1} of one edge and epoch, without a hole.
 *
 * @param oldest the lowest sequence number that the edge still holds
 * @param end the lowest one that it has not given out, as far as it knows: a server that has it has
 *     it from another spool with these numbers
 * @param undecided the lowest one that it does not hold any more and that may be at the server all
 *     the same, as it was under way when it was dropped; {@code oldest} if there is none
 * @param assured below it a server has everything, as it has said itself; 1 if none has
 * @param assuredFrom below it, of those, some may have been dropped instead; 1 if none was
 */
public record Batch(
    Origin origin,
    long oldest,
    long undecided,
    long end,
    long assured,
    long assuredFrom,
    long first,
    Lines lines) {
  /** Of a spool that has dropped nothing. */
  public Batch(Origin origin, long oldest, long end, long assured, long first, Lines lines) {
    this(origin, oldest, oldest, end, assured, 1, first, lines);
  }

  /** The same, of an epoch of which no server has said anything. */
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
   * @param assured see {@link Forwarded#assured}
   */
  public Forwarded forwarded(long next, boolean acknowledged, long assured) {
    return new Forwarded(edge(), epoch(), first, next, acknowledged, assured);
  }

  /** Whether this is the answer to it: on a bus that several edges share it may be another's. */
  public boolean isAnsweredBy(Forwarded answer) {
    return answer.edge().equals(edge())
        && answer.epoch().equals(epoch())
        && answer.first() == first;
  }

  /**
   * Whether the edge wants to hear, before it goes on, up to where the server has everything: the
   * answer is below {@link #first} then, and the server has nothing of what lies between.
   */
  public boolean isAsking() {
    return undecided < oldest;
  }

  void encode(WireWriter out) {
    origin.encode(out);
    out.number(oldest).number(end).number(first).lines(lines);
    out.number(assured).number(undecided).number(assuredFrom); // not in 0.2
  }

  static Batch decode(WireReader in) {
    Origin origin = Origin.decode(in);
    long oldest = in.number();
    long end = in.number();
    long first = in.number();
    Lines lines = in.lines();
    long assured = in.hasMore() ? in.number() : 1;
    long undecided = in.hasMore() ? in.number() : oldest;
    long assuredFrom = in.hasMore() ? in.number() : 1;
    return new Batch(origin, oldest, undecided, end, assured, assuredFrom, first, lines);
  }
}
