package io.spillway.bench;

import io.spillway.kit.Influx;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How fast InfluxDB is filled from the journal, and at what cost. */
final class InfluxScenario implements Scenario {
  private static final int BACKLOG = (int) Times.seconds(200).toMillis();
  private static final int BATCH = 100;
  private static final List<String> FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Site site = Site.in(Site.PROJECT.resolve("target/bench/influx"))) {
      Influx database = new Influx(site).start().createDatabase("bench");
      Spillway server = Spillway.server(site).onlyJvm(FLAGS);
      fill(server.start(), BACKLOG);
      server.terminate();
      server.set("sinks.influx.url", database.url()).set("sinks.influx.database", "bench");
      server.set("sinks.influx.keepApart", true).start();
      measure(report, server, database);
    }
  }

  /** Brings so many records of 200 bytes in, as an edge does. */
  static void fill(Spillway server, int records) throws Exception {
    try (EdgeClient edge =
        new EdgeClient(URI.create(server.wsUrl() + "?token=" + Spillway.TOKEN))) {
      for (int sent = 0; sent < records; sent += BATCH) {
        edge.send(BATCH);
      }
      edge.settle();
    }
  }

  private static void measure(ScenarioReport report, Spillway server, Influx database)
      throws Exception {
    long first = awaitPosition(server, 2);
    Duration serverBefore = server.proc().cpu();
    Duration databaseBefore = database.proc().cpu();
    long began = System.nanoTime();
    double points = (double) (awaitPosition(server, BACKLOG + 1) - first);
    double seconds = (System.nanoTime() - began) / 1e9;
    Object counted =
        database.query("bench", "SELECT count(tempC) FROM records").getJsonArray(0).getValue(1);
    if (!counted.equals(BACKLOG)) {
      throw new AssertionError(counted + " points of " + BACKLOG);
    }
    report.title("InfluxDB from a journal of %,d records, eight numbers each".formatted(BACKLOG));
    report.row("catching up, points/s", "%,.0f".formatted(points / seconds), "");
    cost(report, "server", server.proc().cpu().minus(serverBefore), points);
    cost(report, "InfluxDB", database.proc().cpu().minus(databaseBefore), points);
  }

  private static void cost(ScenarioReport report, String who, Duration cpu, double points) {
    String micros = "%.1f µs".formatted((double) cpu.toNanos() / 1e3 / points);
    report.row(who + ", CPU per point", micros, "");
  }

  private static long awaitPosition(Spillway server, long wanted) throws Exception {
    while (true) {
      JsonObject sink = BenchRoles.of(server, "influx");
      long position = sink.getLong("position", 0L);
      if (position >= wanted) {
        return position;
      }
      LockSupport.parkNanos(50_000_000);
    }
  }
}
