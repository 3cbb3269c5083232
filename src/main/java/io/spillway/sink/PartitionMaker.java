package io.spillway.sink;

import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the partitions that rows need, on the connection that is given. */
final class PartitionMaker {
  private static final Logger log = LoggerFactory.getLogger(PartitionMaker.class);

  private final TimeSource time;

  /** Partitions that cannot be made: of each it is told once. */
  private final Set<LocalDate> covered = new HashSet<>();

  /** Null if the table has none, as with TimescaleDB. */
  private Partitions partitions;

  PartitionMaker(TimeSource time) {
    this.time = time;
  }

  /**
   * For a table that was looked at just now.
   *
   * @param found null if it has none
   */
  Future<Void> begin(PgConnection on, Partitions found) {
    partitions = found;
    return found == null ? Future.succeededFuture() : make(on, found.ahead(today()).iterator());
  }

  /** Those for rows of these times. */
  Future<Void> forTimes(PgConnection on, OffsetDateTime[] times) {
    if (partitions == null) {
      return Future.succeededFuture();
    }
    Set<LocalDate> needed = partitions.missing(times, today());
    needed.addAll(partitions.ahead(today()));
    return make(on, needed.iterator());
  }

  private Future<Void> make(PgConnection on, Iterator<LocalDate> all) {
    return all.hasNext()
        ? make(on, all.next()).compose(done -> make(on, all))
        : Future.succeededFuture();
  }

  private Future<Void> make(PgConnection on, LocalDate start) {
    Partitions of = partitions;
    return on.query(of.sql(start))
        .execute()
        .<Void>mapEmpty()
        .recover(
            error -> {
              if (!PostgresTrouble.isCovered(error)) {
                return Future.failedFuture(error);
              }
              if (covered.add(start)) {
                log.info("[postgres] {}", PostgresTrouble.covered(start, error));
              }
              return Future.succeededFuture();
            })
        .onSuccess(made -> of.made(start));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(Instant.ofEpochMilli(time.wallMs()), ZoneOffset.UTC);
  }
}
