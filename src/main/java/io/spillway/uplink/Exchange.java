package io.spillway.uplink;

import io.spillway.bus.Loss;
import io.vertx.core.buffer.Buffer;

/** What is said over one connection; a new one for each. Called on the uplink's event loop. */
interface Exchange {
  /** There may be something to send. */
  void pump();

  /** A text message came. */
  void text(String message);

  /** A pong came, with the payload of the ping it answers. */
  void pong(Buffer payload);

  /** The connection has ended, with this close code and reason; null if there was none. */
  default void closed(Short code, String reason) {}

  /** Messages that were sent and are not acknowledged. */
  int unacknowledged();

  /** How this exchange gives the server's word on, or gives up. */
  interface Listener {
    /** The server says where to go on: it has everything below {@code next}. */
    void welcomed(long next);

    /** What was sent has arrived: the server has everything below {@code next}. */
    void acknowledged(long next);

    /** The server keeps one record aside, which counts as acknowledged. */
    default void rejected(long seq, String reason) {}

    /** The server does not have these any more, which it, or another, had acknowledged. */
    default void lost(Loss loss) {}

    /**
     * The server likes to hear every so many milliseconds how the edge is, in a message of at most
     * so many bytes.
     */
    default void statusWanted(int everyMs, int bytesMax) {}

    /** The link is all right, but there is something new to be said at its beginning. */
    default void helloAgain(String reason) {
      abandon(reason);
    }

    /** This connection is of no use any more. */
    void abandon(String reason);

    /**
     * The server says what cannot be true, or is not of the protocol: nothing that it said is
     * believed from here on, and it will hardly be better soon.
     */
    default void distrust(String reason) {
      abandon(reason);
    }
  }
}
