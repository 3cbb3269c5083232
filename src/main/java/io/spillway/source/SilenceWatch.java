package io.spillway.source;

/**
 * Patience with a broker of which nothing is heard, over all connections to it. It doubles each
 * time it has run out, because a broker may be busy with the very messages that it has to send
 * again: to cut it off then makes it begin anew. It is as it was after a minute of hearing
 * something.
 *
 * <p>Whoever looks after a long while has not listened himself: he was frozen, and what has come
 * meanwhile is still in the socket. He reads it before he judges.
 */
final class SilenceWatch {
  static final long FIRST_MS = 7_500;
  static final long LONGEST_MS = 120_000;
  private static final long FROZEN_MS = 2_000;
  private static final long GOOD_MS = 60_000;

  /**
   * So many bytes of a packet that is not whole yet are a sign of life. The answers to pings, of 2
   * bytes each, are not so many: where a broker has said that more will come than does, they are
   * taken for a part of that packet.
   */
  static final int BYTES = 256;

  private long patienceMs = FIRST_MS;
  private int bytes;
  private long begunMs;
  private long heardMs;
  private long lookedMs;

  /** A connection begins. */
  void begin(long nowMs) {
    begunMs = nowMs;
    heardMs = nowMs;
    bytes = 0;
    lookedMs = nowMs;
  }

  /** Bytes have come, of a whole packet or not. */
  void came(int count, long nowMs) {
    bytes += count;
    if (bytes >= BYTES) {
      heard(nowMs);
    }
  }

  /** A packet has come, or nobody listens on purpose. */
  void heard(long nowMs) {
    bytes = 0;
    heardMs = nowMs;
    if (nowMs - begunMs >= GOOD_MS) {
      patienceMs = FIRST_MS;
    }
  }

  /** For how long silence is borne now. */
  long patienceMs() {
    return patienceMs;
  }

  /** Whether it has been silent for too long; to be asked every half second. */
  boolean isOver(long nowMs) {
    boolean frozen = nowMs - lookedMs > FROZEN_MS;
    lookedMs = nowMs;
    if (frozen) {
      heardMs = nowMs;
    }
    if (nowMs - heardMs <= patienceMs) {
      return false;
    }
    patienceMs = Math.min(2 * patienceMs, LONGEST_MS);
    return true;
  }
}
