package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.config.InfluxConfig;
import io.spillway.config.PostgresConfig;
import io.spillway.net.HostExamination;
import io.spillway.retry.NetworkFault;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;

/** Looks at the way to the databases: as far as their ports, and no further. */
public final class SinkExamination {
  private SinkExamination() {}

  /** The name and the port of PostgreSQL. */
  public static HostExamination postgres(Vertx vertx, PostgresConfig config, TimeSource time) {
    return new HostExamination(
        vertx,
        "PostgreSQL",
        config.host(),
        config.port(),
        error -> postgresAway(config.address(), error),
        time);
  }

  /** The name and the port of InfluxDB. */
  public static HostExamination influx(Vertx vertx, InfluxConfig config, TimeSource time) {
    return new HostExamination(
        vertx,
        "InfluxDB",
        config.host(),
        config.port(),
        error -> influxAway(config.address(), error),
        time);
  }

  /** Why no connection to it comes about. */
  static Fault postgresAway(String address, Throwable error) {
    return NetworkFault.explain(
        error,
        address.substring(0, address.lastIndexOf('/')),
        "; is PostgreSQL running?",
        "sinks.postgres.url",
        "sinks.postgres.caFile");
  }

  /** Likewise. */
  static Fault influxAway(String address, Throwable error) {
    return NetworkFault.explain(
        error,
        address.substring(0, address.lastIndexOf('/')),
        "; is InfluxDB running?",
        "sinks.influx.url",
        "sinks.influx.caFile");
  }
}
