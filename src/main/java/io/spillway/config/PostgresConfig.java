package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The table in PostgreSQL that gets every record.
 *
 * @param server where it is, and who connects
 * @param ownPassword null: that of the address, if any
 */
public record PostgresConfig(
    @Key(
            name = "url",
            byDefault = "postgresql://spillway@127.0.0.1:5432/spillway",
            form = Form.POSTGRES_URL,
            meaning =
                "the database, see [postgres.md](postgres.md); `user:password@` is honoured and "
                    + "never shown")
        PostgresUrl server,
    @Key(name = "password", meaning = "here or in the url, not both") Secret ownPassword,
    @Key(
            byDefault = "prefer",
            meaning = "as libpq's `sslmode`; only `verify-full` makes sure who the server is")
        TlsMode tls,
    @Key(
            form = Form.PEM_FILE,
            meaning = "authorities to trust for `verify-full`; null: those of Java")
        Path caFile,
    @Key(byDefault = "records", form = Form.TABLE, meaning = "made and changed by the sink")
        String table,
    @Key(
            byDefault = "month",
            meaning = "how long a time one partition holds; day from some 100 records/s on")
        PartitionBy partition,
    @Entries(max = 100) List<ColumnConfig> columns,
    @JsonUnwrapped SinkConfig sink,
    @Key(
            byDefault = "4",
            max = 64,
            meaning =
                "most readers (`GET /api/records`, `GET /api/iaq/data`) that are answered from the"
                    + " table at once, each over a connection of its own; as many again wait; 0:"
                    + " readers get what the journal has")
        int queries,
    @Key(
            byDefault = "5000",
            min = 100,
            max = 15_000,
            meaning = "a question that takes longer is given up, and the journal answers")
        Duration queryTimeout)
    implements Checked {
  public PostgresConfig {
    columns = List.copyOf(columns);
  }

  public String host() {
    return server.host();
  }

  public int port() {
    return server.port();
  }

  public String database() {
    return server.database();
  }

  public String user() {
    return server.user();
  }

  /** Null: none. */
  public Secret password() {
    return ownPassword == null ? server.password() : ownPassword;
  }

  /** {@code host:port/database}, for people. */
  public String address() {
    return Urls.authority(host(), port()) + "/" + database();
  }

  @Override
  public void check(Checks at) throws ConfigException {
    if (ownPassword != null && server.password() != null) {
      throw at.wrong("password", "given here and in the url", "one of the two");
    }
    at.caFile(caFile, tls == TlsMode.VERIFY_FULL);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).name();
      if (!names.add(name)) {
        throw at.wrong("columns[" + i + "].name", Found.text(name) + " again", "each name once");
      }
    }
  }
}
