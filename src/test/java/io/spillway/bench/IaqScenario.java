package io.spillway.bench;

import io.spillway.kit.FreePort;
import io.spillway.kit.Proc;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What it costs to know what indoor air means: CPU per measurement, memory per sensor. */
final class IaqScenario implements Scenario {
  private static final int RATE = 1_000;
  private static final int ROUNDS = 3;
  private static final int FEW = 100;
  private static final int MANY = 10_000;
  private static final int EACH = 12;
  private static final Duration MEASURE = Times.seconds(10);
  private static final List<String> FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  private final Figures figures = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Site site = Site.in(Site.PROJECT.resolve("target/bench/iaq"))) {
      Spillway without = server(site, "without").start();
      Spillway with = server(site, "with").set("iaq", new JsonObject()).start();
      cpu(report, without, with);
      without.terminate();
      with.terminate();
      memory(report, server(site, "many").set("iaq", new JsonObject()).start());
    }
  }

  private static Spillway server(Site site, String name) {
    Spillway model = Spillway.server(site);
    return Spillway.of(site, name, model.conf().copy())
        .onlyJvm(FLAGS)
        .set("server.port", FreePort.next());
  }

  private void cpu(ScenarioReport report, Spillway without, Spillway with) throws Exception {
    IndoorFeed one = new IndoorFeed(without, FEW);
    IndoorFeed other = new IndoorFeed(with, FEW);
    long records = MEASURE.toMillis() * RATE / 1_000;
    one.send(2 * records, 0);
    other.send(2 * records, 0);
    long looked = 2 * records;
    for (int round = 0; round < ROUNDS; round++) {
      figures.add("without", measure(without, one, records, 0));
      looked += records;
      figures.add("with", measure(with, other, records, looked));
    }
    report.title(
        "CPU per measurement at %,d/s, batches of 100 over HTTP (all rounds)".formatted(RATE));
    report.row("without iaq, µs", median("without"), "[" + figures.spread("without", "%.0f") + "]");
    report.row("with iaq, µs", median("with"), "[" + figures.spread("with", "%.0f") + "]");
  }

  private String median(String name) {
    return "%.0f".formatted(figures.median(name));
  }

  private static double measure(Spillway server, IndoorFeed feed, long records, long looked)
      throws Exception {
    Duration before = server.proc().cpu();
    feed.send(records, RATE);
    if (looked > 0) {
      BenchRoles.await(server, "iaq", "measurements", looked);
    }
    return (double) server.proc().cpu().minus(before).toNanos() / 1e3 / (double) records;
  }

  private static void memory(ScenarioReport report, Spillway server) throws Exception {
    IndoorFeed feed = new IndoorFeed(server, MANY);
    long idle = server.proc().rssKb() / 1024;
    long began = System.nanoTime();
    feed.send((long) MANY * EACH, 0);
    BenchRoles.await(server, "iaq", "measurements", (long) MANY * EACH);
    double seconds = (System.nanoTime() - began) / 1e9;
    report.title(
        "%,d sensors with five quantities each, %d measurements of each".formatted(MANY, EACH));
    report.row("sensors remembered", "" + BenchRoles.of(server, "iaq").getInteger("sensors"), "");
    report.row(
        "measurements looked at, as fast as it goes",
        "%,.0f/s".formatted((double) MANY * EACH / seconds),
        "");
    report.row("RSS before → after, MB", idle + " → " + server.proc().rssKb() / 1024, "-Xmx512m");
    report.row("heap in use after a full collection, MB", "" + heapMb(server), "");
  }

  private static long heapMb(Spillway server) {
    String pid = "" + server.proc().pid();
    jcmd(server, pid, "GC.run");
    String info = jcmd(server, pid, "GC.heap_info");
    long kb = 0;
    for (String line : info.split("\n", -1)) {
      if (line.contains("generation") && line.contains("used ")) {
        kb += Long.parseLong(line.replaceFirst(".*used (\\d+)K.*", "$1"));
      }
    }
    return kb / 1024;
  }

  private static String jcmd(Spillway server, String... arguments) {
    List<String> command = new ArrayList<>(List.of("jcmd"));
    command.addAll(List.of(arguments));
    return Proc.run("jcmd", server.dir(), Map.of(), command).output();
  }
}
