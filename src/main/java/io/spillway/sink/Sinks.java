package io.spillway.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.InfluxConfig;
import io.spillway.config.PostgresConfig;
import java.nio.file.Path;

/** Makes sinks. */
public final class Sinks {
  private Sinks() {}

  /**
   * One that writes to InfluxDB.
   *
   * @param journalDir the directory of the journal, where position and refused records are kept
   */
  public static Sink influx(InfluxConfig config, Path journalDir, MeterRegistry registry) {
    return new Sink(
        config.sink(),
        vertx -> new InfluxDestination(vertx, config, journalDir),
        new DeadLetters(journalDir, "influx"),
        registry);
  }

  /**
   * One that writes to PostgreSQL.
   *
   * @param journalDir the directory of the journal, where refused records are kept
   */
  public static Sink postgres(PostgresConfig config, Path journalDir, MeterRegistry registry) {
    return new Sink(
        config.sink(),
        vertx -> new PostgresDestination(vertx, config),
        new DeadLetters(journalDir, "postgres"),
        registry);
  }

  /** Answers questions from the table of {@link #postgres}. */
  public static PostgresReader postgresReader(PostgresConfig config, MeterRegistry registry) {
    return new PostgresReader(config, registry);
  }
}
