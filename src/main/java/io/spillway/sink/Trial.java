package io.spillway.sink;

/**
 * Which other records of a batch are tried out when a rule of the destination has refused one: if
 * none of them would be taken either, the rule is at fault, and not the record.
 *
 * <p>Some only, from all over the batch, and others the next time: so a batch with a record that
 * would be taken is not held up for ever.
 */
final class Trial {
  private static final int RECORDS_MAX = 16;

  private SinkBatch batch;
  private SinkBatch suspect;
  private int tried;
  private int turn;

  /** The one record of {@code refused}, which is of {@code whole}, was refused. */
  void begin(SinkBatch refused, SinkBatch whole) {
    batch = whole;
    suspect = refused;
    tried = 0;
    turn++;
  }

  /** The next record to be tried out; null if all have been that should be. */
  SinkBatch next() {
    int others = batch.lines().count() - 1;
    if (tried >= Math.min(others, RECORDS_MAX)) {
      return null;
    }
    int apart = Math.max(1, others / RECORDS_MAX);
    int at = (turn + tried * apart) % others;
    int suspectAt = (int) (suspect.first() - batch.first());
    SinkBatch other = batch.skip(at < suspectAt ? at : at + 1).limit(1);
    return new SinkBatch(suspect.from(), other.first(), other.lines());
  }

  /** It would be refused as well. */
  void refused() {
    tried++;
  }
}
