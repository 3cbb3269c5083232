package io.spillway.rabbit;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.message.EventWriter;
import io.spillway.message.Lines;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
    Promise<Void> done = Promise.promise();
    if (next > 0) {
      readOn(done);
    } else {
      Channels.RECORDS_READ
          .request(vertx, ReadRequest.POSITION)
          .onSuccess(
              position -> {
                next = Math.max(1, Math.max(position.oldest(), position.end() - RECORDS_MAX));
                readOn(done);
              })
          .onFailure(done::fail);
    }
    return done.future();
  }

  /** All records of this queue below this offset are known. */
  void reached(long offset) {
    next = Math.max(next, offset);
  }

  private void readOn(Promise<Void> done) {
    Channels.RECORDS_READ
        .request(vertx, new ReadRequest(next, READ_RECORDS, READ_BYTES))
        .onSuccess(
            records -> {
              learn(records);
              if (records.lines().isEmpty()) {
                done.complete();
              } else {
                readOn(done);
              }
            })
        .onFailure(done::fail);
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
