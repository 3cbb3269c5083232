package io.spillway.sink;

import io.spillway.config.ColumnConfig;
import io.spillway.config.PartitionBy;
import io.spillway.config.PostgresConfig;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The texts of SQL for one table and what belongs to it. Plain text, no connection. */
final class Table {
  /** What {@link #create} makes; raised when a step is added. */
  static final int VERSION = 1;

  private static final int FIRST_COLUMN_PARAMETER = 9;

  private final PostgresConfig config;
  private final String name;
  private final String positions;
  private final String versions;

  Table(PostgresConfig config) {
    this.config = config;
    name = quoted(config.table());
    positions = quoted(config.table() + "_sink");
    versions = quoted(config.table() + "_version");
  }

  /** An identifier as it is, not folded to lower case and never a keyword. */
  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** Of several servers that start at a time, one makes the table. Held until the commit. */
  String lock() {
    return "SELECT pg_advisory_xact_lock(hashtext('spillway'), hashtext('" + config.table() + "'))";
  }

  /** One row: whether there is a table of versions, and the relkind of the table, or null. */
  String look() {
    return """
        SELECT to_regclass('%s') IS NOT NULL,
               (SELECT relkind::text FROM pg_class WHERE oid = to_regclass('%s')),
               EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb')"""
        .formatted(versions, name);
  }

  /** One row: the version that was made last. */
  String version() {
    return "SELECT coalesce(max(version), 0) FROM " + versions;
  }

  /**
   * Makes everything, in this order.
   *
   * @param timescale as a hypertable of TimescaleDB instead of with partitions of our own
   */
  List<String> create(boolean timescale) {
    String columns =
        "(id text NOT NULL, time timestamptz NOT NULL, topic text, type text NOT NULL,"
            + " record jsonb NOT NULL, PRIMARY KEY (id, time))";
    String index = "CREATE INDEX IF NOT EXISTS %s ON " + name + " %s";
    return List.of(
        "CREATE TABLE IF NOT EXISTS "
            + name
            + " "
            + columns
            + (timescale ? "" : " PARTITION BY RANGE (time)"),
        timescale ? hypertable() : defaultPartition(),
        index.formatted(quoted(config.table() + "_time"), "(time)"),
        index.formatted(quoted(config.table() + "_topic_time"), "(topic, time)"),
        "CREATE TABLE IF NOT EXISTS "
            + positions
            + " (journal text PRIMARY KEY, next bigint NOT NULL,"
            + " updated timestamptz NOT NULL DEFAULT now())",
        "CREATE TABLE IF NOT EXISTS "
            + versions
            + " (version integer PRIMARY KEY, made timestamptz NOT NULL DEFAULT now())",
        "INSERT INTO " + versions + " VALUES (" + VERSION + ") ON CONFLICT DO NOTHING");
  }

  private String hypertable() {
    return "SELECT create_hypertable('%s', 'time', chunk_time_interval => interval '%s', if_not_exists => true)"
        .formatted(name, config.partition() == PartitionBy.DAY ? "1 day" : "1 month");
  }

  private String defaultPartition() {
    return "CREATE TABLE IF NOT EXISTS "
        + quoted(config.table() + "_default")
        + " PARTITION OF "
        + name
        + " DEFAULT";
  }

  /** Names of all columns. */
  String columnNames() {
    return "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('"
        + name
        + "') AND attnum > 0 AND NOT attisdropped";
  }

  /** Adds a column. */
  String addColumn(ColumnConfig column) {
    return "ALTER TABLE "
        + name
        + " ADD COLUMN IF NOT EXISTS "
        + quoted(column.name())
        + " double precision";
  }

  /** {@code $1} the journal; one row with its position, which is made if it is not there. */
  String position() {
    return "WITH made AS (INSERT INTO "
        + positions
        + " (journal, next) VALUES ($1, 0) ON CONFLICT DO NOTHING RETURNING next)"
        + " SELECT next FROM made UNION ALL SELECT next FROM "
        + positions
        + " WHERE journal = $1";
  }

  /**
   * {@code $1} journal, {@code $2} its new position, {@code $3} its old one, then an array for each
   * column. In one statement, which is one transaction: either the position was the old one and all
   * rows are there, or nothing happens. One row: how many positions were moved.
   */
  String insert() {
    List<ColumnConfig> extra = config.columns();
    String names = extra.stream().map(c -> ", " + quoted(c.name())).collect(Collectors.joining());
    String numbers =
        IntStream.range(0, extra.size()).mapToObj(i -> ", n" + i).collect(Collectors.joining());
    String arrays =
        IntStream.range(0, extra.size())
            .mapToObj(i -> ", $" + (FIRST_COLUMN_PARAMETER + i) + "::float8[]")
            .collect(Collectors.joining());
    return """
        WITH moved AS (
          UPDATE %s SET next = $2, updated = now() WHERE journal = $1 AND next = $3 RETURNING 1
        ), added AS (
          INSERT INTO %s (id, time, topic, type, record%s)
          SELECT id, time, topic, type, record::jsonb%s
          FROM unnest($4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[]%s)
            AS row (id, time, topic, type, record%s)
          WHERE EXISTS (SELECT 1 FROM moved)
          ON CONFLICT DO NOTHING
        ) SELECT count(*) FROM moved"""
        .formatted(positions, name, names, numbers, arrays, numbers);
  }
}
