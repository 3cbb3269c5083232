package io.spillway.sink;

/**
 * Which other records of a batch are tried out when a rule of the destination has refused one: if
 * none of them would be taken either, the rule is at fault, and not the record.
 *
 * <p>Some only, from all over the batch, and others the next time: so a batch with a record that
 * would be taken is not held up for ever.
 */
final class Trial {
  private static final int REFUSED_MAX = 16;

  /** Those that say nothing cost the destination nothing, and are passed over up to this many. */
  private static final int ASKED_MAX = 256;

  private SinkBatch batch;
  private SinkBatch suspect;
  private int asked;
  private int refused;
  private int turn;

  /** The one record of {@code alone}, which is of {@code whole}, was refused. */
  void begin(SinkBatch alone, SinkBatch whole) {
    batch = whole;
    suspect = alone;
    asked = 0;
    refused = 0;
    turn++;
  }

  /** The next record to be tried out; null if all have been that should be. */
  SinkBatch next() {
    int others = batch.lines().count() - 1;
    if (refused >= REFUSED_MAX || asked >= Math.min(others, ASKED_MAX)) {
      return null;
    }
    int at = (turn + asked * apart(others)) % others;
    int suspectAt = (int) (suspect.first() - batch.first());
    SinkBatch other = batch.skip(at < suspectAt ? at : at + 1).limit(1);
    return new SinkBatch(suspect.from(), other.first(), other.lines());
  }

  /** With no divisor in common, so that none comes twice before all have come. */
  private static int apart(int others) {
    int apart = Math.max(1, others / REFUSED_MAX);
    while (divisor(apart, others) > 1) {
      apart++;
    }
    return apart;
  }

  private static int divisor(int a, int b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  /** It would be refused as well. */
  void refused() {
    asked++;
    refused++;
  }

  /** There is nothing in it that could be refused: another one is tried in its place. */
  void empty() {
    asked++;
  }
}
