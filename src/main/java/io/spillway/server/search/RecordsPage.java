package io.spillway.server.search;

import io.spillway.bus.Records;
import io.spillway.server.part.JsonBody;
import io.vertx.core.json.Json;

/**
 * An answer of {@code GET /api/records}.
 *
 * @param journal whose offsets these are
 * @param next where to go on
 * @param end the offset that the next record gets, as far as it is known
 * @param fromTable the database had a part in it
 * @param gap JSON of offsets that are nowhere, or null
 * @param reset the cursor was not one of this journal
 * @param note what the answer lacks, and why; or null
 */
record RecordsPage(
    RecordList records,
    String journal,
    long next,
    long end,
    boolean fromTable,
    String gap,
    boolean reset,
    String note) {

  static RecordsPage of(RecordList records, String journal, long next, long end) {
    return new RecordsPage(records, journal, next, Math.max(next, end), false, null, false, null);
  }

  /** A cursor that this journal has not come to yet was not made from it. */
  static RecordsPage ofOtherJournal(Records position) {
    return new RecordsPage(
        new RecordList(0, 0),
        position.journal(),
        position.end(),
        position.end(),
        false,
        null,
        true,
        null);
  }

  RecordsPage inTable() {
    return new RecordsPage(records, journal, next, end, true, gap, reset, note);
  }

  /**
   * @param to the first offset that there is; 0 if there is no gap
   */
  RecordsPage withGap(long from, long to) {
    String told = to == 0 ? null : "{\"from\":" + from + ",\"to\":" + to + '}';
    return new RecordsPage(records, journal, next, end, fromTable, told, reset, note);
  }

  RecordsPage withNote(String why) {
    return new RecordsPage(records, journal, next, end, fromTable, gap, reset, why);
  }

  /** Takes the records out. */
  JsonBody toJson() {
    return records.toJson(
        "{\"records\":",
        ",\"next\":"
            + next
            + ",\"end\":"
            + end
            + ",\"journal\":\""
            + journal
            + "\",\"source\":\""
            + (fromTable ? "postgres" : "journal")
            + '"'
            + (gap == null ? "" : ",\"gap\":" + gap)
            + (reset ? ",\"reset\":true" : "")
            + (note == null ? "" : ",\"note\":" + Json.encode(note))
            + '}');
  }
}
