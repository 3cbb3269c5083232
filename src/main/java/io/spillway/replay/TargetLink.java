package io.spillway.replay;

import io.vertx.core.Future;

/** One connection to where lines go. Used and heard on one event loop. */
interface TargetLink {
  /** Sends lines. */
  void send(Piece piece);

  /** Says that these numbers do not come; only where {@link Terms#skips}. */
  void skip(long first, long next);

  /** Says goodbye, and closes. */
  Future<Void> leave();

  /** What becomes of it; nothing is heard of one that has ended. */
  interface Listener {
    /** It goes on at {@code next}: everything below is there. */
    void welcomed(long next, Terms terms);

    /** Everything below is there. */
    void acknowledged(long next);

    /** The other side keeps this line aside, and does not want it again. */
    void setAside(long number, String why);

    /** It is of no use any more. */
    void ended(Ending why);
  }
}
