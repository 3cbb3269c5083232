package io.spillway.server.part;

/**
 * Is told of the edges that are connected: by the part that serves them, for the part that shows
 * them. On the server's event loop.
 */
public interface EdgeObserver {
  /** An edge said hello; if it is connected already, this connection takes over. */
  Link connected(String edge, String epoch);

  /** What is told of one edge. */
  interface Link {
    /** How often it is asked to say how it is, in milliseconds. */
    int statusEveryMs();

    /** A message came. */
    void heard();

    /** All its records below this sequence number are stored. */
    void stored(long next);

    /** It said how it is, or something that begins like it. */
    void status(byte[] text);

    /**
     * Its connection ended, and there is no newer one.
     *
     * @param code of the close; null: there was none
     */
    void left(Short code, String reason);
  }
}
