package io.spillway.replay;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far one connection is: what was sent over it, and what of that is acknowledged. Believes no
 * more of the other side than can be. Decides, and does nothing itself.
 */
final class Course {
  /** Unacknowledged, unless a single message has more. */
  static final int BYTES_MAX = 4 << 20;

  private final int window;
  private final Deque<Sent> inFlight = new ArrayDeque<>();
  private long next;
  private long acknowledged;
  private long rejectable;
  private long bytes;
  private long done;

  /** A message of the numbers {@code [first, next)}; without bytes, that they do not come. */
  private record Sent(long first, long next, int bytes) {
    long linesBelow(long number) {
      return bytes == 0 ? 0 : Math.max(0, Math.min(number, next) - first);
    }
  }

  /**
   * A connection begins.
   *
   * @param next the other side has everything below
   * @param window how many messages may be unacknowledged
   */
  Course(long next, int window) {
    this.next = next;
    this.window = window;
    acknowledged = next;
    rejectable = next;
  }

  /** Everything below was sent, or is there. */
  long next() {
    return next;
  }

  /** Nothing more may be sent before something is acknowledged. */
  boolean isFull() {
    return inFlight.size() >= window || bytes >= BYTES_MAX;
  }

  /** All that was sent is acknowledged. */
  boolean isIdle() {
    return inFlight.isEmpty();
  }

  /** Whether numbers before these lines do not come, and the other side has to be told so. */
  boolean isBehindHole(Piece piece) {
    return piece.first() > next;
  }

  void sent(Piece piece) {
    sent(piece.next(), piece.bytes());
  }

  /** It was told that what is below does not come. */
  void skipped(long to) {
    sent(to, 0);
  }

  private void sent(long to, int length) {
    inFlight.addLast(new Sent(next, to, length));
    next = to;
    bytes += length;
  }

  /**
   * The other side has everything below {@code to}.
   *
   * @return what is wrong with that; empty if nothing is
   */
  String acknowledged(long to) {
    if (to > next) {
      return "it acknowledges up to %d, and was sent up to %d".formatted(to, next);
    }
    acknowledged = Math.max(acknowledged, to);
    while (!inFlight.isEmpty() && inFlight.peekFirst().next() <= to) {
      Sent arrived = inFlight.removeFirst();
      bytes -= arrived.bytes();
      done += arrived.linesBelow(to);
    }
    return "";
  }

  /**
   * How many of the lines that were sent have arrived.
   *
   * @param to below it all have, by what is heard over the next connection
   */
  long arrived(long to) {
    return done + inFlight.stream().mapToLong(each -> each.linesBelow(to)).sum();
  }

  /** Everything below is acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /**
   * The other side has set this one aside: each of those that were sent, once and in order.
   *
   * @return what is wrong with that; empty if nothing is
   */
  String setAside(long number) {
    if (number < rejectable || number >= next) {
      return "it rejects %d, which it was not sent now".formatted(number);
    }
    rejectable = number + 1;
    return "";
  }
}
