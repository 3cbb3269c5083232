package io.spillway.redelivery;

/**
 * What became of one packet identifier, as a number of 64 bits, in memory and on the disk: the
 * identifier in the upper 16, then 8 for the kind, and 40 of the fingerprint.
 */
final class Change {
  /** A message that is done with when it is acknowledged: at QoS 1. */
  static final int TAKEN = 0;

  /** A message at QoS 2: the identifier is its own until the broker releases it. */
  static final int HELD = 1;

  /** The release of a message that was read before; it has no fingerprint. */
  static final int RELEASED = 2;

  private static final int KIND_MASK = 0xFF;
  private static final int KIND_SHIFT = 40;
  private static final int IDENTIFIER_SHIFT = 48;

  private Change() {}

  static long of(int kind, int identifier, long fingerprint) {
    return (long) identifier << IDENTIFIER_SHIFT
        | (long) kind << KIND_SHIFT
        | IdentifierTable.kept(fingerprint);
  }

  static int kind(long change) {
    return (int) (change >>> KIND_SHIFT) & KIND_MASK;
  }

  static int identifier(long change) {
    return (int) (change >>> IDENTIFIER_SHIFT);
  }

  /** Whether it is of a message with this fingerprint. */
  static boolean matches(long change, long fingerprint) {
    return kind(change) != RELEASED
        && IdentifierTable.kept(change) == IdentifierTable.kept(fingerprint);
  }
}
