package io.spillway.sink;

/** Of several failures the first in the journal: what was behind did not find its place. */
final class FirstFailure {
  /**
   * One of them.
   *
   * @param batch null: of something else
   */
  record Failure(SinkBatch batch, Throwable why) {}

  private Failure first;

  /** One more; {@code batch} is null only if it is alone. */
  void add(SinkBatch batch, Throwable why) {
    if (first == null || batch.first() < first.batch().first()) {
      first = new Failure(batch, why);
    }
  }

  /** The first; what comes later is of another attempt. */
  Failure take() {
    Failure taken = first;
    first = null;
    return taken;
  }
}
