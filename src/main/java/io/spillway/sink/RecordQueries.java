package io.spillway.sink;

import io.spillway.bus.NewestRequest;
import io.spillway.bus.TableRequest;
import io.spillway.message.RecordTime;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of the table, as SQL with parameters. Texts of whoever asks are only ever
 * parameters. Plain text, no connection.
 */
final class RecordQueries {
  /** A statement and its parameters, {@code $1} first. */
  record Question(String sql, Tuple parameters) {}

  /** A table of PostgreSQL cannot hold every time that can be asked for, but all that it has. */
  private static final long FIRST_MS = Instant.parse("1600-01-01T00:00:00Z").toEpochMilli();

  private static final long LAST_MS = Instant.parse("+10000-01-01T00:00:00Z").toEpochMilli();

  private final String name;
  private final String positions;
  private final int textMax;

  /**
   * @param textMax a record whose text has more bytes is left out: a row with it does not come
   *     through
   */
  RecordQueries(String table, int textMax) {
    this.textMax = textMax;
    name = TableSql.quoted(table);
    positions = TableSql.quoted(table + "_sink");
  }

  /**
   * Records of one journal from an offset on; a hole where one is left out. At least one row: the
   * lowest offset in the table, the offset behind the last that was written, and an offset and its
   * record, or null.
   */
  Question records(TableRequest request) {
    String sql =
        """
        WITH at AS (
          SELECT coalesce((SELECT journal_offset FROM %1$s
                           WHERE journal = $1 AND journal_offset IS NOT NULL
                           ORDER BY journal_offset LIMIT 1), 0) AS oldest,
                 coalesce((SELECT next FROM %2$s WHERE journal = $1), 0) AS next
        ), page AS (
          SELECT journal_offset, line,
                 sum(octet_length(line))
                   OVER (ORDER BY journal_offset ROWS UNBOUNDED PRECEDING) AS bytes
          FROM (SELECT journal_offset, record::text AS line FROM %1$s
                WHERE journal = $1 AND journal_offset >= $2
                  AND octet_length(record::text) <= $5
                ORDER BY journal_offset LIMIT $3) AS few
        )
        SELECT at.oldest, at.next, page.journal_offset, page.line
        FROM at LEFT JOIN page ON bytes <= $4 OR bytes = octet_length(line)
        ORDER BY page.journal_offset"""
            .formatted(name, positions);
    return new Question(
        sql,
        Tuple.of(
            request.journal(),
            request.range().from(),
            (long) request.range().maxRecords(),
            (long) request.range().maxBytes(),
            textMax));
  }

  /**
   * The newest records; one that is left out is an empty text. At least one row: the offset behind
   * the last that was written, how many were found before bytes were counted, and time, id, offset
   * or null, and the record; or nulls.
   */
  Question newest(NewestRequest request) {
    List<Object> values = new ArrayList<>();
    values.add(request.journal());
    values.add((long) request.maxRecords());
    values.add((long) request.maxBytes());
    values.add(textMax);
    String sql =
        """
        WITH page AS (
          SELECT time, id, journal_offset, line, count(*) OVER () AS found,
                 sum(octet_length(line)) OVER (
                   ORDER BY time DESC, id COLLATE "C" DESC ROWS UNBOUNDED PRECEDING) AS bytes
          FROM (SELECT time, id, journal_offset,
                       CASE WHEN octet_length(line) <= $4 THEN line ELSE '' END AS line
                FROM (SELECT time, id, record::text AS line,
                             CASE WHEN journal = $1 THEN journal_offset END AS journal_offset
                      FROM %s%s
                      ORDER BY time DESC, id COLLATE "C" DESC LIMIT $2) AS few) AS short
        )
        SELECT at.next, page.found, page.time, page.id, page.journal_offset, page.line
        FROM (SELECT coalesce((SELECT next FROM %s WHERE journal = $1), 0) AS next) AS at
        LEFT JOIN page ON bytes <= $3 OR bytes = octet_length(line)
        ORDER BY page.time DESC, page.id COLLATE "C" DESC"""
            .formatted(name, where(request, values), positions);
    return new Question(sql, Tuple.tuple(values));
  }

  private static String where(NewestRequest request, List<Object> values) {
    List<String> wanted = new ArrayList<>();
    for (String member : TableSql.ASKED_FOR) { // not of the request: names are part of the text
      if (request.equal().containsKey(member)) {
        wanted.add("record->>'" + member + "' = " + parameter(values, request.equal().get(member)));
      }
    }
    if (!request.types().isEmpty()) {
      String[] types = request.types().toArray(String[]::new);
      wanted.add("type = ANY(" + parameter(values, types) + "::text[])");
    }
    if (request.fromMs() != null) {
      wanted.add("time >= " + time(values, request.fromMs()));
    }
    if (request.toMs() != null) {
      wanted.add("time < " + time(values, request.toMs()));
    }
    if (request.below() != null) {
      String time = parameter(values, request.below().time());
      String id = parameter(values, request.below().id());
      wanted.add("time <= %1$s AND (time < %1$s OR id COLLATE \"C\" < %2$s)".formatted(time, id));
    }
    return wanted.isEmpty() ? "" : " WHERE " + String.join(" AND ", wanted);
  }

  private static String time(List<Object> values, long ms) {
    return parameter(values, RecordTime.ofMs(Math.max(FIRST_MS, Math.min(ms, LAST_MS))));
  }

  private static String parameter(List<Object> values, Object value) {
    values.add(value);
    return "$" + values.size();
  }
}
