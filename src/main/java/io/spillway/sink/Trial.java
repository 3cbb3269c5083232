package io.spillway.sink;

/**
 * Which other records are tried out when the destination has refused one: if none of them would be
 * taken either, the destination is at fault, and not the record.
 *
 * <p>First the one that it took last, so that one which is alone need not wait for another. Then
 * some of the same batch, from all over it, and others the next time: so a batch with a record that
 * would be taken is not held up for ever.
 */
final class Trial {
  private static final int REFUSED_MAX = 16;

  /** Those that say nothing are passed over up to this many: few of them cost anything. */
  private static final int ASKED_MAX = 256;

  /** The one record that was written last; null before the first. */
  private SinkBatch last;

  /** The same, while it is to be tried out. */
  private SinkBatch sample;

  private SinkBatch batch;
  private SinkBatch suspect;
  private int asked;
  private int refused;
  private int turn;

  /** The destination has taken these. */
  void written(SinkBatch records) {
    if (!records.lines().isEmpty()) {
      last = records.last();
    }
  }

  /** The one record of {@code alone}, which is of {@code whole}, was refused. */
  void begin(SinkBatch alone, SinkBatch whole) {
    batch = whole;
    suspect = alone;
    sample = last;
    asked = 0;
    refused = 0;
    turn++;
  }

  /** Nothing is to be tried out any more: the batch can be let go of. */
  void end() {
    batch = null;
    suspect = null;
    sample = null;
  }

  /** The next record to be tried out; null if all have been that should be. */
  SinkBatch next() {
    if (sample != null) {
      return new SinkBatch(suspect.from(), sample.first(), sample.lines());
    }
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
    if (sample == null) {
      refused++;
    }
    empty();
  }

  /** It says nothing: another one is tried in its place. */
  void empty() {
    if (sample == null) {
      asked++;
    }
    sample = null;
  }
}
