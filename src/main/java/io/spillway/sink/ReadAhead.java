package io.spillway.sink;

import io.spillway.bus.Records;
import io.spillway.config.SinkConfig;
import io.spillway.message.Lines;

/** Reads the journal while what was read before is still being written. */
final class ReadAhead {
  private final SinkConfig config;
  private final JournalRange range;
  private final ReadSchedule schedule;

  /** Where the database stands when all that was read is written. */
  private long expected;

  private long readNext;
  private SinkStep.Read reading;

  /** What was read and is to be written now; null for nothing. */
  private SinkBatch due;

  ReadAhead(SinkConfig config, JournalRange range, ReadSchedule schedule) {
    this.config = config;
    this.range = range;
    this.schedule = schedule;
  }

  /**
   * Begins anew.
   *
   * @param from where the database stands
   * @param readFrom the first offset to read
   */
  void goOn(long from, long readFrom) {
    forget();
    expected = from;
    readNext = readFrom;
  }

  /** What was read is not written, and what is being read of no use. */
  void forget() {
    reading = null;
    due = null;
  }

  boolean isReading() {
    return reading != null;
  }

  /** How many records are known of and not read. */
  long unread() {
    return range.end() - readNext;
  }

  /** What is to be written now; null for nothing. */
  SinkBatch take() {
    SinkBatch batch = due;
    due = null;
    return batch;
  }

  /** Reads on. */
  SinkStep.Read begin() {
    reading = new SinkStep.Read(readNext);
    return reading;
  }

  /**
   * The journal was read. An answer that comes after the place to read on from has become another
   * is of no use: what lies between has not been written.
   *
   * @return how many records retention has deleted before they could be read
   */
  long read(SinkStep.Read asked, Records answer, long nowMs) {
    if (!asked.equals(reading)) {
      return 0;
    }
    reading = null;
    Lines lines = answer.lines();
    boolean full =
        lines.count() >= config.batchRecords() || lines.length() > config.batchBytes() / 2;
    schedule.read(full, nowMs);
    long first = lines.isEmpty() ? answer.oldest() : answer.first();
    long missed = expected == 0 ? 0 : range.missed(readNext, first);
    if (lines.isEmpty()) {
      if (answer.end() > asked.from()) {
        schedule.unread(nowMs); // it says that it has more, and gives none
      }
      return missed; // perhaps of all there was
    }
    due = new SinkBatch(expected, answer.first(), lines);
    expected = due.next();
    readNext = due.next();
    return missed;
  }

  /** The journal could not be read. */
  void unread(SinkStep.Read asked, long nowMs) {
    if (asked.equals(reading)) {
      reading = null;
      schedule.unread(nowMs);
    }
  }
}
