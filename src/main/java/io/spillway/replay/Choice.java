package io.spillway.replay;

/**
 * Which lines of a source are to be sent, and as what. It is a part of the name under which they
 * go, see {@link Identity}: what one choice has passed over must not count as stored for another.
 *
 * @param from the lowest number, 1 for the first
 * @param to the highest number; {@link Long#MAX_VALUE} for no end
 * @param topic a topic filter; null for all lines, also for those without a topic
 * @param wrapping whether a bare value that was rejected becomes {@code {"value": …}}
 */
record Choice(long from, long to, String topic, boolean wrapping) {
  /** Every line, as it is. */
  static final Choice ALL = new Choice(1, Long.MAX_VALUE, null, false);

  /** Whether a line of this number is wanted, whatever is in it. */
  boolean hasNumber(long number) {
    return from <= number && number <= to;
  }

  /** The same text for the same choice, and for no other; empty for every line. */
  String text() {
    return equals(ALL) ? "" : from + " " + to + " " + wrapping + (topic == null ? "" : ' ' + topic);
  }
}
