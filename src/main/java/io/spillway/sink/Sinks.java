package io.spillway.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.InfluxConfig;
import io.spillway.config.PostgresConfig;
import io.spillway.time.TimeSource;
import java.nio.file.Path;

/** Makes sinks. */
public final class Sinks {
  private Sinks() {}

  /**
   * One that writes to InfluxDB.
   *
   * @param journalDir the directory of the journal, where position and refused records are kept
   */
  public static Sink influx(
      InfluxConfig config, Path journalDir, MeterRegistry registry, TimeSource time) {
    return new Sink(
        config.sink(),
        vertx -> new InfluxDestination(vertx, config, journalDir, time),
        new DeadLetters(journalDir, "influx", time),
        registry,
        time);
  }

  /**
   * One that writes to PostgreSQL.
   *
   * @param journalDir the directory of the journal, where refused records are kept
   */
  public static Sink postgres(
      PostgresConfig config, Path journalDir, MeterRegistry registry, TimeSource time) {
    return new Sink(
        config.sink(),
        vertx -> new PostgresDestination(vertx, config, time),
        new DeadLetters(journalDir, "postgres", time),
        registry,
        time);
  }

  /** Answers questions from the table of {@link #postgres}. */
  public static PostgresReader postgresReader(
      PostgresConfig config, MeterRegistry registry, TimeSource time) {
    return new PostgresReader(config, registry, time);
  }
}
