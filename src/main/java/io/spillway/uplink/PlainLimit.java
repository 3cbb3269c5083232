package io.spillway.uplink;

/**
 * How long a message a plain server takes. It does not say; it closes with 1009 (RFC 6455 section
 * 7.4.1), and of several messages on their way it does not say which one it meant. So after a close
 * with 1009 they go one at a time, until one of them has arrived or is found out. The close may
 * also mean one that was answered before: so a message is found out when it is closed at twice.
 * Lengths are in bytes of the message.
 */
final class PlainLimit {
  private static final int WINDOW = 8;

  /** After so long the server may be asked whether it takes more by now. */
  static final long SAME_FOR_MS = 24 * 3_600_000L;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private int most = Integer.MAX_VALUE;
  private int refused = Integer.MAX_VALUE;
  private long suspect = -1;
  private boolean oneByOne;

  /** Since when messages arrive that are no longer than {@link #most}. */
  private long sinceMs = UNKNOWN;

  /** How many messages may be on their way. */
  int window() {
    return oneByOne ? 1 : WINDOW;
  }

  /** Longest message of several records. */
  int most() {
    return most;
  }

  /** Whether a message, of one record even, would be refused: a shorter one, or as long, was. */
  boolean isRefused(int length) {
    return length >= refused;
  }

  /** Something that was sent has arrived. */
  void arrived() {
    oneByOne = false;
  }

  /** What has been sent arrives: after a good while at one length, twice as much may do so too. */
  void arrives(long nowMs) {
    if (sinceMs == UNKNOWN) {
      sinceMs = nowMs;
    } else if (nowMs - sinceMs >= SAME_FOR_MS) {
      most = most > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : most * 2;
      sinceMs = nowMs;
    }
  }

  /**
   * The server closed with 1009.
   *
   * @param seq where the oldest message on its way ends
   * @param length of that message
   * @param records how many are in it
   * @param alone no other was on its way
   */
  void tooBig(long seq, int length, int records, boolean alone) {
    oneByOne = true;
    sinceMs = UNKNOWN;
    if (records > 1) {
      most = Math.min(most, length / 2);
    }
    if (alone && records == 1 && seq == suspect) {
      refused = Math.min(refused, length);
    }
    suspect = alone && records == 1 ? seq : -1;
  }

  /** It will be another server. */
  void forget() {
    most = Integer.MAX_VALUE;
    oneByOne = false;
    forgetRefused();
  }

  /** A connection ended in another way: behind the next one there may be another server. */
  void forgetRefused() {
    refused = Integer.MAX_VALUE;
    suspect = -1;
  }
}
