package io.spillway.bench;

import io.spillway.kit.Http;
import io.spillway.kit.Postgres;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fast PostgreSQL is filled from the journal, at what cost, and how far behind it stays. */
final class SinksScenario implements Scenario {
  private static final int BACKLOG = 400_000;
  private static final int BATCH = 100;
  private static final Duration STEADY = Times.seconds(15);
  private static final int STEADY_RATE = 1_000;
  private static final double GOAL = 20_000;
  private static final Pattern LAG = Pattern.compile("\"lagMs\":(\\d+)");
  private static final List<String> FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Site site = Site.in(Site.PROJECT.resolve("target/bench/sinks"))) {
      Postgres database = new Postgres(site).startWithDatabase();
      Spillway server =
          Spillway.server(site)
              .onlyJvm(FLAGS)
              .set("sinks.postgres.url", database.url())
              .set("sinks.postgres.password", Postgres.PASSWORD);
      fill(server);
      report.title("PostgreSQL from a journal of %,d records of 200 bytes".formatted(BACKLOG));
      catchUp(report, server, database);
      steady(report, server, database);
    }
  }

  /** With the sink left out. */
  private static void fill(Spillway server) throws Exception {
    Object sinks = server.conf().remove("sinks");
    server.start();
    try (EdgeClient edge = edge(server)) {
      long end = edge.next() + BACKLOG;
      while (edge.next() < end) {
        edge.send(BATCH);
      }
      edge.settle();
    }
    server.terminate();
    server.conf().put("sinks", sinks);
  }

  private static EdgeClient edge(Spillway server) throws Exception {
    return new EdgeClient(URI.create(server.wsUrl() + "?token=" + Spillway.TOKEN));
  }

  private static void catchUp(ScenarioReport report, Spillway server, Postgres database)
      throws Exception {
    server.start();
    awaitRows(database, 1);
    long rowsBefore = rows(database);
    Duration serverBefore = server.proc().cpu();
    Duration databaseBefore = cpu(database);
    long began = System.nanoTime();
    awaitRows(database, BACKLOG - 100);
    double seconds = (System.nanoTime() - began) / 1e9;
    double rows = (double) (rows(database) - rowsBefore);
    awaitRows(database, BACKLOG);
    long counted = database.number("SELECT count(*) FROM records");
    if (counted != BACKLOG) {
      throw new AssertionError(counted + " rows of " + BACKLOG);
    }
    report.row(
        "catching up, rows/s",
        "%,.0f".formatted(rows / seconds),
        ScenarioReport.goal(rows / seconds >= GOAL, "≥ 20,000"));
    cost(report, "server", server.proc().cpu().minus(serverBefore), rows);
    cost(report, "PostgreSQL", cpu(database).minus(databaseBefore), rows);
  }

  private static void cost(ScenarioReport report, String who, Duration cpu, double rows) {
    report.row(who + ", CPU per row", "%.1f µs".formatted((double) cpu.toNanos() / 1e3 / rows), "");
  }

  private static void steady(ScenarioReport report, Spillway server, Postgres database)
      throws Exception {
    Figures lag = new Figures();
    long before = rows(database);
    Duration serverBefore = server.proc().cpu();
    Duration databaseBefore = cpu(database);
    try (EdgeClient edge = edge(server)) {
      long began = System.nanoTime();
      long rounds = STEADY.toMillis() * STEADY_RATE / 1_000 / BATCH;
      for (long round = 0; round < rounds; round++) {
        long due = began + round * BATCH * 1_000_000_000L / STEADY_RATE;
        LockSupport.parkNanos(due - System.nanoTime());
        edge.send(BATCH);
        if (round % 10 == 0) {
          lag.add("lag", lagMs(server));
        }
      }
      edge.settle();
    }
    awaitRows(database, before + STEADY.toMillis() * STEADY_RATE / 1_000);
    report.title("The same at %,d records/s, in batches of %d".formatted(STEADY_RATE, BATCH));
    report.row(
        "lag as /health has it, median",
        "%.0f ms".formatted(lag.median("lag")),
        lag.spread("lag", "%.0f"));
    double rows = (double) (rows(database) - before);
    cost(report, "server, ingest and all", server.proc().cpu().minus(serverBefore), rows);
    cost(report, "PostgreSQL", cpu(database).minus(databaseBefore), rows);
  }

  private static double lagMs(Spillway server) throws Exception {
    Matcher lag = LAG.matcher(Http.get(server.httpUrl() + "/health").body());
    return lag.find() ? Double.parseDouble(lag.group(1)) : Double.NaN;
  }

  private static void awaitRows(Postgres database, long wanted) {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (rows(database) < wanted) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("only " + rows(database) + " of " + wanted + " rows");
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  /** By the position: to count the rows would take longer than to write them. */
  private static long rows(Postgres database) {
    try {
      return database.number("SELECT coalesce(max(next), 1) - 1 FROM records_sink");
    } catch (IllegalStateException notYetMade) {
      return 0;
    }
  }

  private static Duration cpu(Postgres database) {
    return ProcessHandle.of(database.proc().pid())
        .orElseThrow()
        .descendants()
        .map(SinksScenario::cpu)
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
