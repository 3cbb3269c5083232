package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.ColumnConfig;
import io.spillway.config.PartitionBy;
import io.spillway.config.PostgresConfig;
import io.spillway.config.PostgresUrl;
import io.spillway.config.SinkConfig;
import io.spillway.config.TlsMode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The SQL of a table")
class TableSqlTest {
  private static final SinkConfig SINK =
      new SinkConfig(1, 1_024, Duration.ZERO, 50, Duration.ofSeconds(1));

  @Test
  @DisplayName("makes a hypertable where TimescaleDB is, and partitions of its own elsewhere")
  void timescale() {
    assertThat(table(List.of()).steps(0, true))
        .anyMatch(sql -> sql.startsWith("SELECT create_hypertable('\"t\"', 'time'"))
        .noneMatch(sql -> sql.contains("PARTITION"));
    assertThat(table(List.of()).steps(0, false))
        .anyMatch(sql -> sql.endsWith("PARTITION BY RANGE (time)"))
        .anyMatch(sql -> sql.endsWith("PARTITION OF \"t\" DEFAULT"))
        .noneMatch(sql -> sql.contains("hypertable"));
  }

  @Test
  @DisplayName("adds to a table of an older version only what it lacks, and its number at last")
  void upgrades() {
    List<String> all = table(List.of()).steps(0, false);
    List<String> second = table(List.of()).steps(1, false);

    assertThat(all).endsWith(second.toArray(String[]::new)).hasSizeGreaterThan(second.size());
    assertThat(second.get(0)).startsWith("ALTER TABLE \"t\" ADD COLUMN IF NOT EXISTS journal text");
    assertThat(second).last().asString().startsWith("INSERT INTO \"t_version\" VALUES (2)");
    assertThat(second).noneMatch(sql -> sql.contains("CREATE TABLE"));
  }

  @Test
  @DisplayName("has a parameter for each column of numbers, behind the others")
  void columns() {
    ColumnConfig co2 = new ColumnConfig("co2", List.of("co2"));
    ColumnConfig select = new ColumnConfig("select", List.of("x"));

    assertThat(table(List.of(co2, select)).insert())
        .contains(", record, \"co2\", \"select\")", "$9::float8[], $10::float8[])");
  }

  @Test
  @DisplayName("asks for the longest text of a record that an index of its own has, without itself")
  void alone() {
    assertThat(TableSql.ALONE)
        .isEqualTo(
            "SELECT greatest(octet_length($1::text), octet_length($2::text),"
                + " octet_length($4::text::jsonb->>'sensor_id'),"
                + " octet_length($4::text::jsonb->>'enseigne'),"
                + " octet_length($4::text::jsonb->>'salle')), $3::timestamptz IS NULL");
  }

  @Test
  @DisplayName("passes over what is there already by its own keys alone")
  void conflicts() {
    assertThat(table(List.of()).insert()).contains("ON CONFLICT (id, time) DO NOTHING");
    assertThat(table(List.of()).position()).contains("ON CONFLICT (journal) DO NOTHING");
  }

  private static TableSql table(List<ColumnConfig> columns) {
    return new TableSql(
        new PostgresConfig(
            new PostgresUrl("h", 1, "d", "u", null),
            null,
            TlsMode.DISABLE,
            null,
            "t",
            PartitionBy.DAY,
            columns,
            SINK,
            4,
            Duration.ofSeconds(5)));
  }
}
