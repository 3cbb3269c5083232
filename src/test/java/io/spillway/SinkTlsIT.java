package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Certificates;
import io.spillway.kit.Influx;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Postgres;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The way to a database over TLS")
class SinkTlsIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  @RegisterExtension final Site site = new Site();
  private Certificates certificates;
  private Spillway server;

  @BeforeEach
  void prepare() {
    certificates = new Certificates(site.dir().resolve("tls"));
    server = Spillway.server(site);
  }

  private Postgres postgres() {
    Postgres database = new Postgres(site).tls(certificates).startWithDatabase();
    server
        .set("sinks.postgres.url", database.url("localhost"))
        .set("sinks.postgres.password", Postgres.PASSWORD)
        .set("sinks.postgres.tls", "verify-full");
    return database;
  }

  private void trust(String sink) {
    server.set("sinks." + sink + ".caFile", certificates.authority().toString());
  }

  private void send() {
    PlainSender.send(server, "{\"n\":1}");
  }

  @Test
  @Proof
  @DisplayName("is taken to PostgreSQL with verify-full when the authority is named")
  void postgresVerified() throws Exception {
    Postgres database = postgres();
    trust("postgres");
    server.start();
    send();

    Await.until("a row", SOON, () -> rows(database) == 1);
    assertThat(database.query(SSL_OF_SINK)).containsOnly("t");
  }

  private static final String SSL_OF_SINK =
      "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
          + " WHERE application_name = 'spillway'";

  private static long rows(Postgres database) {
    boolean made = database.number("SELECT count(to_regclass('records'))") == 1;
    return made ? database.number("SELECT count(*) FROM records") : 0;
  }

  @Test
  @DisplayName("is taken to PostgreSQL with verify-full when Java knows the authority")
  void postgresKnown() throws Exception {
    Postgres database = postgres();
    for (String flag : certificates.jvmTrusting()) {
      server.jvm(flag);
    }
    server.start();
    send();

    Await.until("a row", SOON, () -> rows(database) == 1);
  }

  @Test
  @Proof
  @DisplayName("is not taken to a PostgreSQL of an unknown authority, and which key cures it")
  void postgresUnknown() throws Exception {
    Postgres database = postgres();
    server.start();
    send();

    assertThat(server.proc().awaitLine("\\[postgres\\].*TLS", SOON))
        .contains("TLS with localhost:" + database.port(), "certif", "set sinks.postgres.caFile")
        .doesNotContain(Postgres.PASSWORD);
    assertThat(rows(database)).isZero();
  }

  @Test
  @DisplayName("is not taken to a PostgreSQL whose certificate is for another host")
  void postgresOtherHost() throws Exception {
    Postgres database = postgres();
    trust("postgres");
    server.set("sinks.postgres.url", database.url("127.0.0.2")).start();
    send();

    assertThat(server.proc().awaitLine("\\[postgres\\].*TLS", SOON))
        .contains("TLS with 127.0.0.2:" + database.port(), "not for this host");
    assertThat(rows(database)).isZero();
  }

  @Proof
  @Test
  @DisplayName("is taken to PostgreSQL with prefer, whoever it is, encrypted if it can")
  void postgresPreferred() throws Exception {
    Postgres database = postgres();
    server.set("sinks.postgres.tls", "prefer").start();
    send();

    Await.until("a row", SOON, () -> rows(database) == 1);
    assertThat(database.query(SSL_OF_SINK)).containsOnly("t");
  }

  @Proof
  @Test
  @DisplayName("is not taken to a PostgreSQL without TLS when it is required")
  void postgresWithout() throws Exception {
    Postgres database = new Postgres(site).startWithDatabase();
    server
        .set("sinks.postgres.url", database.url())
        .set("sinks.postgres.password", Postgres.PASSWORD)
        .set("sinks.postgres.tls", "require")
        .start();
    send();

    assertThat(server.proc().awaitLine("\\[postgres\\].*(TLS|SSL)", SOON))
        .contains("sinks.postgres.tls");
    assertThat(rows(database)).isZero();
  }

  @Test
  @DisplayName("is taken to InfluxDB when the authority is named")
  void influxVerified() {
    Influx database = influx();
    trust("influx");
    server.start();
    send();

    Await.until(
        "a point", SOON, () -> !database.query("weather", "SELECT n FROM records").isEmpty());
  }

  @Test
  @DisplayName("is not taken to an InfluxDB of an unknown authority, and which key cures it")
  void influxUnknown() {
    Influx database = influx();
    server.start();
    send();

    assertThat(server.proc().awaitLine("\\[influx\\].*TLS", SOON))
        .contains("TLS with 127.0.0.1:", "certif", "set sinks.influx.caFile");
    assertThat(database.query("weather", "SELECT n FROM records")).isEmpty();
  }

  private Influx influx() {
    Influx database = new Influx(site).tls(certificates).start().createDatabase("weather");
    server.set("sinks.influx.url", database.url()).set("sinks.influx.database", "weather");
    return database;
  }
}
