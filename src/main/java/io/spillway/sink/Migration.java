package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.ColumnConfig;
import io.spillway.config.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the table, or what it lacks, in one transaction under one lock: of several servers that
 * start at a time one does it, and one that is killed leaves things as they were.
 */
final class Migration {
  private static final Logger log = LoggerFactory.getLogger(Migration.class);

  /** An index of a large table takes its time; what is begun anew each time would never end. */
  private static final Duration STEPS_WITHIN = Duration.ofHours(1);

  private final PgConnection connection;
  private final PostgresConfig config;
  private final TableSql table;
  private final Set<String> told;

  /**
   * @param told what earlier attempts have logged that came to nothing; empty when one has
   *     succeeded
   */
  Migration(PgConnection connection, PostgresConfig config, TableSql table, Set<String> told) {
    this.connection = connection;
    this.config = config;
    this.table = table;
    this.told = told;
  }

  /** Gives whether the table is one with partitions of its own. */
  Future<Boolean> run() {
    return limited(connection.begin())
        .compose(
            transaction ->
                limited(statement(table.lock()))
                    .compose(locked -> limited(look()))
                    .compose(this::bringUp)
                    .compose(done -> limited(all(table.columnNames())))
                    .compose(this::addColumns)
                    .compose(done -> limited(transaction.commit())))
        .onSuccess(done -> told.clear())
        .compose(done -> limited(look()))
        .map(found -> "p".equals(found.getString(1)));
  }

  private Future<Void> bringUp(Row found) {
    return found.getBoolean(0)
        ? limited(one(table.version())).compose(row -> bringUp(row.getInteger(0), found))
        : bringUp(0, found);
  }

  private Future<Void> bringUp(int version, Row found) {
    if (version == TableSql.VERSION) {
      return Future.succeededFuture();
    }
    if (version > TableSql.VERSION) {
      return Future.failedFuture(
          new Fault(
                  FaultKind.OTHER,
                  "%s: table %s was made by a newer version; run that one here, too, or choose another name in sinks.postgres.table"
                      .formatted(config.address(), TableSql.quoted(config.table())))
              .failure());
    }
    boolean timescale = found.getBoolean(2);
    if (version == 0) {
      tell("makes table " + config.table() + (timescale ? ", a hypertable" : ""));
    } else {
      tell(
          "brings table %s from version %d to %d, which may take minutes"
              .formatted(config.table(), version, TableSql.VERSION));
    }
    return inTurn(table.steps(version, timescale).iterator())
        .timeout(STEPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<Void> addColumns(RowSet<Row> rows) {
    Set<String> there = new HashSet<>();
    rows.forEach(row -> there.add(row.getString(0)));
    List<ColumnConfig> missing =
        config.columns().stream().filter(column -> !there.contains(column.name())).toList();
    missing.forEach(column -> tell("adds column " + column.name()));
    return limited(inTurn(missing.stream().map(table::addColumn).iterator()));
  }

  private void tell(String what) {
    if (told.add(what)) {
      log.info("[postgres] {}", what);
    }
  }

  private Future<Row> look() {
    return one(table.look());
  }

  private Future<Row> one(String sql) {
    return all(sql).map(rows -> rows.iterator().next());
  }

  private Future<Void> statement(String sql) {
    return all(sql).mapEmpty();
  }

  private Future<RowSet<Row>> all(String sql) {
    return connection.query(sql).execute();
  }

  private Future<Void> inTurn(Iterator<String> statements) {
    return statements.hasNext()
        ? statement(statements.next()).compose(done -> inTurn(statements))
        : Future.succeededFuture();
  }

  private <T> Future<T> limited(Future<T> work) {
    return work.timeout(config.sink().timeout().toMillis(), TimeUnit.MILLISECONDS);
  }
}
