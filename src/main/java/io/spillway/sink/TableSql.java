package io.spillway.sink;

import io.spillway.config.ColumnConfig;
import io.spillway.config.PartitionBy;
import io.spillway.config.PostgresConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The texts of SQL for one table and what belongs to it. Plain text, no connection. */
final class TableSql {
  /** What {@link #steps} leads to; raised when a step is added. */
  static final int VERSION = 2;

  /** Members that measurements of indoor air are asked for by. */
  static final List<String> ASKED_FOR = List.of("sensor_id", "enseigne", "salle");

  /**
   * {@code $1} id, {@code $2} topic, {@code $3} time, {@code $4} record, made into what the columns
   * hold, without the table. One row, with the bytes of the longest text that an index of {@link
   * #steps} has of them.
   */
  static final String ALONE =
      "SELECT greatest(octet_length($1::text), octet_length($2::text)"
          + ASKED_FOR.stream()
              .map(member -> ", octet_length($4::text::jsonb->>'" + member + "')")
              .collect(Collectors.joining())
          + "), $3::timestamptz IS NULL";

  /**
   * In the error that takes back a position which is not what was written. Nobody can know it, so
   * that no record can bring about an error that looks like that.
   */
  static final String MARK = "position changed by a trigger, " + UUID.randomUUID() + ": ";

  private static final int FIRST_COLUMN_PARAMETER = 9;

  private final PostgresConfig config;
  private final String name;
  private final String positions;
  private final String versions;

  TableSql(PostgresConfig config) {
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
   * Makes everything, or what is missing in a table of an older version, in this order. To be done
   * in one transaction: after a crash it is as it was.
   *
   * @param version what is there; 0: nothing
   * @param timescale a new one as a hypertable of TimescaleDB instead of with partitions of our own
   */
  List<String> steps(int version, boolean timescale) {
    List<String> steps = new ArrayList<>();
    if (version < 1) {
      steps.addAll(create(timescale));
    }
    if (version < 2) {
      steps.addAll(addOffsets());
    }
    steps.add("INSERT INTO " + versions + " VALUES (" + VERSION + ") ON CONFLICT DO NOTHING");
    return steps;
  }

  private List<String> create(boolean timescale) {
    String columns =
        "(id text NOT NULL, time timestamptz NOT NULL, topic text, type text NOT NULL,"
            + " record jsonb NOT NULL, PRIMARY KEY (id, time))";
    return List.of(
        "CREATE TABLE IF NOT EXISTS "
            + name
            + " "
            + columns
            + (timescale ? "" : " PARTITION BY RANGE (time)"),
        timescale ? hypertable() : defaultPartition(),
        index("time", "(time)"),
        index("topic_time", "(topic, time)"),
        "CREATE TABLE IF NOT EXISTS "
            + positions
            + " (journal text PRIMARY KEY, next bigint NOT NULL,"
            + " updated timestamptz NOT NULL DEFAULT now())",
        "CREATE TABLE IF NOT EXISTS "
            + versions
            + " (version integer PRIMARY KEY, made timestamptz NOT NULL DEFAULT now())");
  }

  /**
   * Version 2: where in which journal a record stands. Rows that are there keep null: the journal
   * may not hold them any more. Indexes hold only rows that have what they are about, so records
   * without it cost nothing.
   */
  private List<String> addOffsets() {
    List<String> steps = new ArrayList<>();
    steps.add(
        "ALTER TABLE "
            + name
            + " ADD COLUMN IF NOT EXISTS journal text,"
            + " ADD COLUMN IF NOT EXISTS journal_offset bigint");
    steps.add(
        index("journal_offset", "(journal, journal_offset) WHERE journal_offset IS NOT NULL"));
    for (String member : ASKED_FOR) {
      String value = "(record->>'" + member + "')";
      steps.add(index(member + "_time", "(" + value + ", time) WHERE " + value + " IS NOT NULL"));
    }
    return steps;
  }

  private String index(String suffix, String what) {
    return "CREATE INDEX IF NOT EXISTS %s ON %s %s"
        .formatted(quoted(config.table() + "_" + suffix), name, what);
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

  /**
   * {@code $1} the journal. One row: its position as text, the type of that column, and whether it
   * was made just now, as it was not there.
   */
  String position() {
    return "WITH made AS (INSERT INTO "
        + positions
        + " (journal, next) VALUES ($1, 0) ON CONFLICT (journal) DO NOTHING RETURNING next)"
        + " SELECT next::text, pg_typeof(next)::text, true FROM made"
        + " UNION ALL SELECT next::text, pg_typeof(next)::text, false FROM "
        + positions
        + " WHERE journal = $1";
  }

  /** {@code $1} the journal. One row, or none: its position as text. */
  String next() {
    return "SELECT next::text FROM " + positions + " WHERE journal = $1";
  }

  /**
   * {@code $1} journal, {@code $2} its new position, {@code $3} its old one, then an array for each
   * column; the last row is the one just below the new position. In one statement, which is one
   * transaction: either the position was the old one and is the new one, and all rows are there, or
   * nothing happens. One row: how many positions were moved, and how many rows added.
   *
   * <p>A row that is there already is passed over; one that another unique index refuses is
   * refused, as by any other rule that somebody has added. A position that a trigger has made
   * another one fails with {@link #MARK}, so that nothing is left behind of it.
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
          UPDATE %s SET next = $2, updated = now() WHERE journal = $1 AND next = $3 RETURNING next
        ), added AS (
          INSERT INTO %s (journal, journal_offset, id, time, topic, type, record%s)
          SELECT $1, $2::bigint - cardinality($4::text[]) + n - 1,
            id, time, topic, type, record::jsonb%s
          FROM unnest($4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[]%s)
            WITH ORDINALITY AS row (id, time, topic, type, record%s, n)
          WHERE EXISTS (SELECT 1 FROM moved)
          ON CONFLICT (id, time) DO NOTHING RETURNING 1
        ) SELECT
          (SELECT count(*) FROM moved
           WHERE CASE next WHEN $2 THEN true ELSE concat('%s', next)::bigint > 0 END),
          (SELECT count(*) FROM added)"""
        .formatted(positions, name, names, numbers, arrays, numbers, MARK);
  }

  /**
   * {@code $1} journal, {@code $2} offset of the first row, then the arrays of ids and times. One
   * row: how many are in the table, by their key or, as a trigger may have changed that, by their
   * offset; the first offset that is not, or null; and how many are there by their offset.
   */
  String found() {
    return """
        WITH mine AS (
          SELECT journal_offset FROM %1$s
          WHERE journal = $1
            AND journal_offset BETWEEN $2::bigint AND $2::bigint + cardinality($3::text[]) - 1
        ), sent AS (
          SELECT $2::bigint + n - 1 AS at,
            (SELECT true FROM %1$s AS r WHERE r.id = row.id AND r.time = row.time LIMIT 1) IS TRUE
              AS found,
            $2::bigint + n - 1 IN (SELECT journal_offset FROM mine) AS own
          FROM unnest($3::text[], $4::timestamptz[]) WITH ORDINALITY AS row (id, time, n)
          OFFSET 0
        ) SELECT count(*) FILTER (WHERE found OR own),
          min(at) FILTER (WHERE NOT (found OR own)), count(*) FILTER (WHERE own) FROM sent"""
        .formatted(name);
  }
}
