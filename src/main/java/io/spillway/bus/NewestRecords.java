package io.spillway.bus;

import io.spillway.message.RecordKey;
import java.util.List;

/**
 * What the database has found, the newest first.
 *
 * @param next what the journal asked with has below this offset is in the database; 0: nothing
 * @param more there are older ones behind the last
 */
public record NewestRecords(long next, List<Found> records, boolean more) {
  /**
   * One record.
   *
   * @param offset in the journal asked with; 0 for one of another or of which it is not known
   * @param json the object, in UTF-8; empty if it is too long for an answer; nobody writes to it
   */
  public record Found(RecordKey key, long offset, byte[] json) {}

  public NewestRecords {
    records = List.copyOf(records);
  }
}
