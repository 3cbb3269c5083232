package io.spillway.server.search;

import io.spillway.bus.Channels;
import io.spillway.bus.NewestRecords;
import io.spillway.bus.NewestRecords.Found;
import io.spillway.bus.NewestRequest;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.message.Lines;
import io.spillway.message.RecordKey;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the newest measurements, by time, in the database, which has those of all servers, and in
 * what the journal of this one has beyond it.
 */
final class MeasurementSearch {
  /** A database that is further behind does not answer: it would take too long to add the rest. */
  static final int BEHIND_MAX = 50_000;

  static final int BYTES_MAX = 4 << 20;
  static final Selection MEASUREMENTS = Selection.of(List.of("measurements"));
  private static final int SLICE_RECORDS = 1_000;
  private static final int SLICE_BYTES = 1 << 20;
  private static final List<String> TYPES = List.of("measurement", "measurements");

  /**
   * What is wanted.
   *
   * @param equal values by name of a member
   * @param fromMs first moment, or null
   * @param toMs the moment behind the last, or null
   * @param below only those before this one, or null
   */
  record Query(Map<String, String> equal, Long fromMs, Long toMs, RecordKey below, int limit) {
    boolean has(RecordKey key) {
      return (fromMs == null || key.micros() >= fromMs * 1_000)
          && (toMs == null || key.micros() < toMs * 1_000)
          && (below == null || key.compareTo(below) < 0);
    }
  }

  private final SearchSetup setup;
  private final Vertx vertx;
  private final RecordView view;
  private final Query query;
  private final MeasurementFilter members;
  private final NewestByTime page;
  private String journal;
  private RecordKey older;

  MeasurementSearch(SearchSetup setup, Query query) {
    this.setup = setup;
    vertx = setup.vertx();
    view = setup.view();
    this.query = query;
    members = new MeasurementFilter(query.equal, null, null);
    page = new NewestByTime(query.limit, BYTES_MAX);
  }

  /** Fails if the database does not answer, or is far behind. */
  Future<NewestByTime> run() {
    return RecordSource.journal(vertx)
        .read(ReadRequest.POSITION)
        .compose(
            held -> {
              journal = held.journal();
              return Channels.NEWEST_QUERY
                  .request(vertx, request())
                  .compose(found -> complete(held, found));
            });
  }

  /** There may be older ones before this one; null if there are none. */
  RecordKey older() {
    return page.isFull() ? page.first() : older;
  }

  private NewestRequest request() {
    // Where MQTT topics decide what is a measurement, too, the database knows nothing of it.
    boolean routed = !setup.routes().isEmpty();
    return new NewestRequest(
        journal,
        query.equal,
        routed ? List.of() : TYPES,
        query.fromMs,
        query.toMs,
        query.below,
        query.limit,
        BYTES_MAX);
  }

  private Future<NewestByTime> complete(Records held, NewestRecords found) {
    long next = Math.max(found.next(), held.oldest());
    long behind = held.end() - next;
    if (behind > BEHIND_MAX) {
      return Future.failedFuture(new Behind(behind));
    }
    return Blocking.runBeside(vertx, () -> take(found))
        .compose(taken -> rest(next, held.end() + BEHIND_MAX))
        .map(page);
  }

  /** From the journal what is not in the database; there may be more of it by now. */
  private Future<Void> rest(long next, long to) {
    return RecordSource.journal(vertx)
        .read(new ReadRequest(next, SLICE_RECORDS, SLICE_BYTES))
        .compose(
            slice -> {
              if (slice.lines().isEmpty() || slice.first() >= to) {
                return Future.succeededFuture();
              }
              long following = slice.next(); // and not the slice, which would be kept to the end
              return Blocking.runBeside(vertx, () -> take(slice))
                  .compose(taken -> rest(following, to));
            });
  }

  private Void take(NewestRecords found) {
    for (Found one : found.records()) {
      if (view.look(one.json(), 0, one.json().length, one.offset()) && view.isIn(MEASUREMENTS)) {
        page.add(one.key(), view);
      }
      older = found.more() ? one.key() : null;
    }
    return null;
  }

  private Void take(Records slice) {
    Lines lines = slice.lines();
    long nowMs = setup.time().wallMs();
    long offset = slice.first();
    int stop;
    for (int start = lines.from(); start < lines.to(); start = stop, offset++) {
      stop = lines.endOfLine(start);
      take(lines.array(), start, stop - 1, offset, nowMs);
    }
    return null;
  }

  /** Those older than what the database has given stand on a later page, with its own. */
  private void take(byte[] line, int from, int to, long offset, long nowMs) {
    if (!view.look(line, from, to, offset)
        || !view.isIn(MEASUREMENTS)
        || !members.matches(line, from, to)) {
      return;
    }
    Optional<RecordKey> key = RecordKey.of(line, from, to, journal + "." + offset, nowMs);
    if (key.isPresent()
        && query.has(key.get())
        && (older == null || key.get().compareTo(older) > 0)) {
      page.add(key.get(), view);
    }
  }

  /** The database lacks too much of what is stored; the message is for whoever asks. */
  static final class Behind extends Exception {
    private static final long serialVersionUID = 1L;

    Behind(long records) {
      super("PostgreSQL is " + records + " records behind", null, false, false);
    }
  }
}
