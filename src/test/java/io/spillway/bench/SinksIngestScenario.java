package io.spillway.bench;

import io.spillway.kit.Postgres;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Whether a sink that is far behind slows down what comes in. */
final class SinksIngestScenario implements Scenario {
  private static final int BACKLOG = 1_500_000;
  private static final int ROUNDS = 2;
  private static final Duration WARM_UP = Times.seconds(5);
  private static final Duration MEASURE = Times.seconds(5);
  private static final List<String> FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  private final Figures figures = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Site site = Site.in(Site.PROJECT.resolve("target/bench/sinks-ingest"))) {
      Postgres database = new Postgres(site).startWithDatabase();
      Spillway server = Spillway.server(site).onlyJvm(FLAGS);
      InfluxScenario.fill(server.start(), BACKLOG);
      server.terminate();
      for (int round = 0; round < ROUNDS; round++) {
        measure("without", server);
        server
            .set("sinks.postgres.url", database.url())
            .set("sinks.postgres.password", Postgres.PASSWORD);
        measure("with", server);
        server.conf().remove("sinks");
      }
    }
    report.title("Ingest of batches of 100 from one edge, flat out, records/s (all rounds)");
    row(report, "without a sink", "without");
    row(report, "while PostgreSQL catches up", "with");
    report.row("which then writes, rows/s", "%,.0f".formatted(figures.median("rows")), "");
  }

  private void row(ScenarioReport report, String what, String name) {
    report.row(
        what,
        "%,.0f".formatted(figures.median(name)),
        "%.1f µs CPU per record in the server  [%s]"
            .formatted(figures.median(name + "/cpu"), figures.spread(name, "%,.0f")));
  }

  private void measure(String name, Spillway server) throws Exception {
    server.start();
    URI url = URI.create(server.wsUrl() + "?token=" + Spillway.TOKEN);
    try (EdgeClient edge = new EdgeClient(url)) {
      LiveIngestScenario.rate(edge, WARM_UP);
      long rowsBefore = BenchRoles.of(server, "postgres").getLong("position", 0L);
      Duration before = server.proc().cpu();
      long began = System.nanoTime();
      long first = edge.acknowledged();
      figures.add(name, LiveIngestScenario.rate(edge, MEASURE));
      double records = (double) (edge.acknowledged() - first);
      double seconds = (System.nanoTime() - began) / 1e9;
      figures.add(
          name + "/cpu", (double) server.proc().cpu().minus(before).toNanos() / 1e3 / records);
      if (name.equals("with")) {
        long rows = BenchRoles.of(server, "postgres").getLong("position", 0L) - rowsBefore;
        figures.add("rows", (double) rows / seconds);
        if (BenchRoles.of(server, "postgres").getLong("waiting") == 0) {
          throw new AssertionError("the sink is not behind any more");
        }
      }
    }
    server.terminate();
  }
}
