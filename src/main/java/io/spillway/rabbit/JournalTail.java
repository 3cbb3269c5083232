package io.spillway.rabbit;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.message.EventWriter;
import io.spillway.message.Lines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Learns from the journal which records of a queue are stored: those of earlier processes, and
 * those of an attempt whose outcome is not known.
 */
final class JournalTail {
  /** How far back a start looks. */
  static final long RECORDS_MAX = 500_000;

  private static final int READ_RECORDS = 10_000;
  private static final int READ_BYTES = 1 << 20;

  private final Vertx vertx;
  private final String prefix;
  private final StoredIds stored;
  private long next;

  /**
   * @param prefix what the ids of this queue's records begin with, escaped as in JSON
   */
  JournalTail(Vertx vertx, String prefix, StoredIds stored) {
    this.vertx = vertx;
    this.prefix = prefix;
    this.stored = stored;
  }

  /** Reads the end of the journal, or, later, what has come to it since. */
  Future<Void> read() {
    return next > 0 ? readOn() : begin().compose(begun -> readOn());
  }

  private Future<Long> begin() {
    return Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .map(at -> next = Math.max(1, Math.max(at.oldest(), at.end() - RECORDS_MAX)));
  }

  /** All records of this queue below this offset are known. */
  void reached(long offset) {
    next = Math.max(next, offset);
  }

  private Future<Void> readOn() {
    return Channels.RECORDS_READ
        .request(vertx, new ReadRequest(next, READ_RECORDS, READ_BYTES))
        .compose(
            records -> {
              learn(records);
              return records.lines().isEmpty() ? Future.succeededFuture() : readOn();
            });
  }

  private void learn(Records records) {
    Lines lines = records.lines();
    byte[] bytes = lines.array();
    for (int start = lines.from(); start < lines.to(); ) {
      int end = lines.endOfLine(start);
      String id = EventWriter.idOf(bytes, start, end - 1);
      if (id != null && id.startsWith(prefix)) {
        stored.add(id);
      }
      start = end;
    }
    next = records.next();
  }
}
