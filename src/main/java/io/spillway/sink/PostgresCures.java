package io.spillway.sink;

import io.spillway.config.PostgresConfig;
import io.vertx.pgclient.PgException;

/** What helps with an error of PostgreSQL, for people. */
final class PostgresCures {
  // Where in PostgreSQL an error arises: its text is in the language of the server.
  private static final String BY_POLICY = "ExecWithCheckOptions";
  private static final String BY_PARTITIONS = "ExecFindPartition";

  private final PostgresConfig config;

  PostgresCures(PostgresConfig config) {
    this.config = config;
  }

  /** What helps if every record is refused. */
  String ofRefusal(PgException pg) {
    if (PostgresTrouble.isCancelled(pg)) {
      return timeout();
    }
    String table = pg.getTable() == null ? "" : " in table " + pg.getTable();
    if (PostgresTrouble.FORBIDDEN.equals(pg.getSqlState())) {
      return isByPolicy(pg)
          ? policy(pg)
          : rights() + ", or change the policy or trigger that refuses it";
    }
    if (BY_PARTITIONS.equals(pg.getRoutine()) && PostgresTrouble.CHECK.equals(pg.getSqlState())) {
      return "CREATE TABLE "
          + TableSql.quoted(config.table() + "_default")
          + " PARTITION OF "
          + TableSql.quoted(config.table())
          + " DEFAULT, which is to have what no other partition has";
    }
    if (pg.getConstraint() != null) {
      return "drop or change constraint " + pg.getConstraint() + table;
    }
    return pg.getColumn() != null
        ? "drop or change NOT NULL of column " + pg.getColumn() + table
        : "change the index, column type or trigger that refuses it" + table;
  }

  private String rights() {
    return "grant user "
        + config.user()
        + " SELECT and INSERT on "
        + TableSql.quoted(config.table())
        + ", and SELECT, INSERT and UPDATE on "
        + TableSql.quoted(positions());
  }

  private static boolean isByPolicy(PgException pg) {
    return BY_POLICY.equals(pg.getRoutine());
  }

  private String policy(PgException pg) {
    boolean ofPositions = String.valueOf(pg.getErrorMessage()).contains(positions());
    String name = TableSql.quoted(ofPositions ? positions() : config.table());
    return "its row-level security does not let user %1$s write: ALTER TABLE %2$s DISABLE ROW LEVEL SECURITY, or CREATE POLICY %1$s ON %2$s TO %1$s USING (true) WITH CHECK (true)"
        .formatted(config.user(), name);
  }

  private String positions() {
    return config.table() + "_sink";
  }

  private String forbidden(PgException pg) {
    return String.valueOf(pg.getErrorMessage()).contains(config.table())
        ? rights() + ", or make it their owner, who makes partitions and columns"
        : "user " + config.user() + " needs the right to make tables there";
  }

  private String timeout() {
    return "raise statement_timeout of user "
        + config.user()
        + " (ALTER ROLE … SET statement_timeout), or lower sinks.postgres.batchRecords, unless"
        + " somebody holds a lock or has cancelled it";
  }

  /** What helps, behind a semicolon; empty if nothing is known that does. */
  String hint(PgException pg) {
    return switch (String.valueOf(pg.getSqlState())) {
      case "28P01", "28000" -> "; check the user in sinks.postgres.url and sinks.postgres.password";
      case "3D000" -> "; make it (createdb " + config.database() + "), or check sinks.postgres.url";
      case PostgresTrouble.FORBIDDEN -> "; " + (isByPolicy(pg) ? policy(pg) : forbidden(pg));
      case "42P01" ->
          "; to have what is gone made anew, DROP TABLE "
              + TableSql.quoted(config.table() + "_version")
              + ", and "
              + TableSql.quoted(config.table() + "_sink")
              + " to have the journal written from its beginning";
      case "57014" -> "; " + timeout();
      case "42P10" ->
          "; it lacks the key that tells what is there already: CREATE UNIQUE INDEX ON "
              + TableSql.quoted(config.table())
              + " (id, time), or ON "
              + TableSql.quoted(config.table() + "_sink")
              + " (journal)";
      default -> "";
    };
  }
}
