package io.spillway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The table in PostgreSQL that gets every record.
 *
 * @param password null: none
 * @param caFile PEM certificates to trust; null: those of the Java platform
 * @param table its name; others that belong to it begin with the same
 * @param queries how many readers are answered from it at once; 0: readers get what the journal has
 * @param queryTimeout an answer that takes longer is given up
 */
public record PostgresConfig(
    String host,
    int port,
    String database,
    String user,
    Secret password,
    TlsMode tls,
    Path caFile,
    String table,
    PartitionBy partition,
    List<ColumnConfig> columns,
    SinkConfig sink,
    int queries,
    Duration queryTimeout) {
  private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]{0,39}");
  private static final String TABLE_ALLOWED = "1..40 of a-z 0-9 _, not first a digit";
  private static final int COLUMNS_MAX = 100;
  private static final Map<String, PartitionBy> PARTITIONS =
      Choices.of("month", PartitionBy.MONTH, "day", PartitionBy.DAY);
  private static final Map<String, TlsMode> TLS = new LinkedHashMap<>();

  static {
    TLS.put("disable", TlsMode.DISABLE);
    TLS.put("prefer", TlsMode.PREFER);
    TLS.put("require", TlsMode.REQUIRE);
    TLS.put("verify-full", TlsMode.VERIFY_FULL);
  }

  public PostgresConfig {
    columns = List.copyOf(columns);
  }

  /** {@code host:port/database}, for people. */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
  }

  static PostgresConfig from(Section section) throws ConfigException {
    PostgresUrl url = PostgresUrl.read(section, "url");
    Secret password = section.secret("password", false);
    if (password != null && url.password() != null) {
      throw section.wrong("password", "given here and in the url", "one of the two");
    }
    TlsMode tls = section.choice("tls", TLS, "prefer");
    PostgresConfig config =
        new PostgresConfig(
            url.host(),
            url.port(),
            url.database(),
            url.user(),
            password == null ? url.password() : password,
            tls,
            Paths.caFile(section, tls == TlsMode.VERIFY_FULL),
            table(section),
            section.choice("partition", PARTITIONS, "month"),
            columns(section),
            SinkConfig.from(section),
            section.wholeInt("queries", 0, 64, 4),
            section.millis("queryTimeoutMs", 100, 15_000, 5_000));
    section.rejectUnknownKeys();
    return config;
  }

  private static String table(Section section) throws ConfigException {
    String table = section.text("table", TABLE_ALLOWED, "records");
    if (!TABLE.matcher(table).matches()) {
      throw section.wrong("table", Section.found(table), TABLE_ALLOWED);
    }
    return table;
  }

  private static List<ColumnConfig> columns(Section section) throws ConfigException {
    List<ColumnConfig> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section entry : section.children("columns", COLUMNS_MAX)) {
      ColumnConfig column = ColumnConfig.from(entry);
      if (!names.add(column.name())) {
        throw entry.wrong("name", Section.found(column.name()) + " again", "each name once");
      }
      columns.add(column);
    }
    return columns;
  }
}
