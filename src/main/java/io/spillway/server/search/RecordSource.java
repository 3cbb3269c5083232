package io.spillway.server.search;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.bus.TableRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Where records are read by their offsets: the journal of this server, or the database. */
interface RecordSource {
  /** The records from {@code request.from()} on; fails if they cannot be read now. */
  Future<Records> read(ReadRequest request);

  static RecordSource journal(Vertx vertx) {
    return request -> Channels.RECORDS_READ.request(vertx, request);
  }

  /** What the database has of a journal, of this server or another. */
  static RecordSource table(Vertx vertx, String journal) {
    return request -> Channels.RECORDS_QUERY.request(vertx, new TableRequest(journal, request));
  }

  /** Why the database did not answer, for whoever has asked; ASCII. */
  static String trouble(Throwable error) {
    boolean told =
        error instanceof MeasurementSearch.Behind
            || (error instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE);
    return told ? error.getMessage() : "PostgreSQL cannot be asked now";
  }
}
