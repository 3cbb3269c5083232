package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.PartitionBy;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The partitions of a table")
class PartitionsTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-12-31");

  @Test
  @DisplayName("are made for the month or day of each time, once, and ahead of need")
  void missing() {
    Partitions months = new Partitions("t", PartitionBy.MONTH);
    OffsetDateTime[] times = times("2026-12-31T23:59:59Z", "2026-11-01T00:00:00Z");
    assertThat(months.missing(times, TODAY)).containsExactly(day("2026-11-01"), day("2026-12-01"));
    months.made(day("2026-12-01"));
    assertThat(months.missing(times, TODAY)).containsExactly(day("2026-11-01"));
    assertThat(months.ahead(TODAY)).containsExactly(day("2027-01-01"));

    Partitions days = new Partitions("t", PartitionBy.DAY);
    assertThat(days.missing(times, TODAY)).containsExactly(day("2026-11-01"), day("2026-12-31"));
    assertThat(days.ahead(TODAY)).containsExactly(day("2026-12-31"), day("2027-01-01"));
  }

  @Test
  @DisplayName("are not made for times before 2000 or far ahead of now")
  void wrongClocks() {
    Partitions months = new Partitions("t", PartitionBy.MONTH);

    assertThat(
            months.missing(
                times("1999-12-31T23:59:59Z", "2027-02-01T00:00:00Z", "9999-01-01T00:00:00Z"),
                TODAY))
        .isEmpty();
    assertThat(months.missing(times("2000-01-01T00:00:00Z", "2027-01-31T00:00:00Z"), TODAY))
        .containsExactly(day("2000-01-01"), day("2027-01-01"));
  }

  @Test
  @DisplayName("hold half-open intervals of UTC")
  void sql() {
    assertThat(new Partitions("t", PartitionBy.MONTH).sql(day("2026-12-01")))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"t_2026_12\" PARTITION OF \"t\""
                + " FOR VALUES FROM ('2026-12-01 00:00+00') TO ('2027-01-01 00:00+00')");
    assertThat(new Partitions("t", PartitionBy.DAY).sql(day("2024-02-29")))
        .contains("\"t_2024_02_29\"", "'2024-03-01 00:00+00'");
  }

  private static OffsetDateTime[] times(String... texts) {
    return Stream.of(texts).map(OffsetDateTime::parse).toArray(OffsetDateTime[]::new);
  }

  private static LocalDate day(String text) {
    return LocalDate.parse(text);
  }
}
