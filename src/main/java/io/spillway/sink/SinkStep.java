package io.spillway.sink;

/** What a sink has to do next, and what {@link SinkProgress} is to be told when it is done. */
sealed interface SinkStep {
  /**
   * Ask where the journal and the database are; then {@link SinkProgress#opened} or {@link
   * SinkProgress#failed}.
   */
  record Open() implements SinkStep {}

  /**
   * Read the journal from an offset; then {@link SinkProgress#read} or {@link SinkProgress#unread}.
   */
  record Read(long from) implements SinkStep {}

  /**
   * Write to the database, behind what is being written; {@link SinkProgress#written}, {@link
   * SinkProgress#unwritten}.
   */
  record Write(SinkBatch batch) implements SinkStep {}

  /**
   * Ask what became of records that are there, and whose answer was lost; then {@link
   * SinkProgress#recalled} or {@link SinkProgress#unrecalled}.
   *
   * @param next the offset behind the last of them
   * @param isAsked false: it was in vain too often, and they are only counted
   */
  record Recall(long first, long next, boolean isAsked) implements SinkStep {}

  /**
   * Keep the one record of a batch as a dead letter; then {@link SinkProgress#kept} or {@link
   * SinkProgress#failed}.
   */
  record Keep(SinkBatch batch, String reason) implements SinkStep {}

  /**
   * Find out whether the database would take the one record of a batch; then {@link
   * SinkProgress#taken} or {@link SinkProgress#failed}.
   */
  record Try(SinkBatch batch) implements SinkStep {}

  /**
   * Let go of the connection, which is no use because of {@code why}; then {@link
   * SinkProgress#closed}.
   */
  record Close(Throwable why) implements SinkStep {}

  /** Nothing until something happens, or for so long. */
  record Wait(long ms) implements SinkStep {}
}
