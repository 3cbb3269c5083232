package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Names the rules ({@code CREATE RULE}) on the tables of a sink where PostgreSQL refuses what it
 * does not do with them, and does not say which they are.
 */
final class TableRules {
  private final PostgresConfig config;
  private final String sql;

  TableRules(PostgresConfig config) {
    this.config = config;
    this.sql =
        "SELECT rulename::text, c.relname::text FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class"
            + " WHERE ev_class IN (to_regclass('%s'), to_regclass('%s')) ORDER BY 2, 1"
                .formatted(
                    TableSql.quoted(config.table()), TableSql.quoted(config.table() + "_sink"));
  }

  /** Fails with the rules that are there, or as it did. */
  <T> Future<T> named(PgConnection on, Throwable error) {
    if (!PostgresTrouble.isUnsupported(error)) {
      return Future.failedFuture(error);
    }
    String why = ((PgException) error).getErrorMessage();
    return on.query(sql)
        .execute()
        .compose(
            rows -> Future.failedFuture(rows.size() == 0 ? error : fault(why, rows).failure()));
  }

  private Fault fault(String why, Iterable<Row> rules) {
    String cure =
        StreamSupport.stream(rules.spliterator(), false)
            .map(row -> drop(row.getString(0), row.getString(1)))
            .collect(Collectors.joining("; "));
    return new Fault(
        FaultKind.OTHER,
        config.address()
            + ": 0A000 "
            + why
            + ", as there is a rule; all waits until then: "
            + cure);
  }

  private static String drop(String rule, String table) {
    return "DROP RULE " + TableSql.quoted(rule) + " ON " + TableSql.quoted(table);
  }
}
