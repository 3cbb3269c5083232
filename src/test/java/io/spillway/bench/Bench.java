package io.spillway.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Runs the scenarios that are named as arguments, or all. */
final class Bench {
  private static final Map<String, Supplier<Scenario>> SCENARIOS = new LinkedHashMap<>();

  static {
    SCENARIOS.put("footprint", FootprintScenario::new);
    SCENARIOS.put("cpu", CpuScenario::new);
    SCENARIOS.put("flatout", FlatOutScenario::new);
    SCENARIOS.put("latency", LatencyScenario::new);
    SCENARIOS.put("drain", DrainScenario::new);
    SCENARIOS.put("fanout", FanoutScenario::new);
    SCENARIOS.put("live-latency", LiveLatencyScenario::new);
    SCENARIOS.put("live-footprint", LiveFootprintScenario::new);
    SCENARIOS.put("live-ingest", LiveIngestScenario::new);
    SCENARIOS.put("sinks", SinksScenario::new);
    SCENARIOS.put("influx", InfluxScenario::new);
    SCENARIOS.put("sinks-ingest", SinksIngestScenario::new);
    SCENARIOS.put("iaq", IaqScenario::new);
    SCENARIOS.put("rabbit", RabbitScenario::new);
  }

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    Set<String> known = SCENARIOS.keySet();
    List<String> wanted = arguments.length == 0 ? List.copyOf(known) : List.of(arguments);
    if (!known.containsAll(wanted)) {
      System.err.println("usage: scripts/bench [scenario …], of: " + String.join(" ", known));
      System.err.println(
          "BENCH_SCALE=0.2 shortens fanout, live-* and from influx on, BENCH_ONLY=node leaves ours out of them;"
              + " BENCH_BESIDE=other.jar measures another jar in cpu, too");
      System.exit(2);
    }
    try (ScenarioReport report = new ScenarioReport(Path.of("target/bench.txt"))) {
      report.line(
          "spillway bench, %s, %d cores, Java %s"
              .formatted(
                  Instant.now().truncatedTo(ChronoUnit.SECONDS),
                  Runtime.getRuntime().availableProcessors(),
                  System.getProperty("java.version")));
      for (String name : wanted) {
        SCENARIOS.get(name).get().run(report);
      }
    }
    System.exit(0);
  }
}
