package io.spillway.sink;

import io.spillway.config.PartitionBy;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which partitions a table has or needs; all times are UTC. From the year 2000 to a little ahead of
 * now each has its own; whatever a clock that is wrong says beyond that is for the default one, so
 * that nobody can make partitions without end.
 */
final class Partitions {
  private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu_MM_dd");
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuu_MM");

  private final String table;
  private final PartitionBy by;
  private final Set<LocalDate> known = new HashSet<>();

  Partitions(String table, PartitionBy by) {
    this.table = table;
    this.by = by;
  }

  /** Beginnings of the partitions that these times need and that are not known to be there. */
  Set<LocalDate> missing(OffsetDateTime[] times, LocalDate today) {
    Set<LocalDate> missing = new TreeSet<>();
    LocalDate last = null;
    for (OffsetDateTime time : times) {
      LocalDate day = time.toLocalDate();
      if (day.equals(last)) {
        continue;
      }
      last = day;
      LocalDate start = startOf(day);
      if (!known.contains(start) && isOrdinary(start, today)) {
        missing.add(start);
      }
    }
    return missing;
  }

  /** The one of today and the next one, if they are not known to be there. */
  Set<LocalDate> ahead(LocalDate today) {
    Set<LocalDate> missing = new TreeSet<>();
    missing.add(startOf(today));
    missing.add(endOf(startOf(today)));
    missing.removeAll(known);
    return missing;
  }

  /** It is there, or something else holds its times. */
  void made(LocalDate start) {
    known.add(start);
  }

  /** Makes one. */
  String sql(LocalDate start) {
    String name = table + "_" + (by == PartitionBy.DAY ? DAY : MONTH).format(start);
    return "CREATE TABLE IF NOT EXISTS %s PARTITION OF %s FOR VALUES FROM ('%s 00:00+00') TO ('%s 00:00+00')"
        .formatted(TableSql.quoted(name), TableSql.quoted(table), start, endOf(start));
  }

  private boolean isOrdinary(LocalDate start, LocalDate today) {
    return !start.isBefore(FIRST) && !start.isAfter(endOf(startOf(today)));
  }

  private LocalDate startOf(LocalDate day) {
    return by == PartitionBy.DAY ? day : day.withDayOfMonth(1);
  }

  private LocalDate endOf(LocalDate start) {
    return by == PartitionBy.DAY ? start.plusDays(1) : start.plusMonths(1);
  }
}
