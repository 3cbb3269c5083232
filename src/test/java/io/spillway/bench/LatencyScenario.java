package io.spillway.bench;

import java.time.Duration;
import java.util.Map;

/** From publishing a message to its line being visible in the file. */
final class LatencyScenario implements Scenario {
  private static final int RATE = 1_000;
  private static final int DOCUMENTED_NODE_RATE = 180; // more than 200 it cannot carry
  private static final int WARM_UP = 200_000;
  private static final int ROUNDS = 3;
  private static final Duration MEASURE = Duration.ofSeconds(5);
  private static final int NUMBERS = 1_000_000;

  /** Least that {@code edge.batch.intervalMs} may be. */
  private static final int SHORTEST_INTERVAL_MS = 0;

  private static final double GOAL_P50 = 2;
  private static final double GOAL_P99 = 10;

  private final Figures millis = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    report.title("Publish → line in the file, ms: p50 / p99 (all rounds' p50)");
    try (Rig rig = new Rig("latency")) {
      var server = rig.server();
      var edge = rig.edge("a", server.wsUrl()).set("edge.batch.intervalMs", SHORTEST_INTERVAL_MS);
      Contender ours = rig.spillway(edge, server, "a");
      Contender node = rig.node("b", Rig.NODE_LIFTED);
      Contender sub = rig.sub("c");
      Map<String, Contender> named =
          Map.of("spillway, intervalMs 0", ours, "node, 10 ms", node, "mosquitto_sub", sub);
      named.values().forEach(contender -> contender.warmUp(WARM_UP));
      for (int round = 0; round < ROUNDS; round++) {
        named.forEach((name, contender) -> measure(name, contender, RATE));
      }
    }
    try (Rig rig = new Rig("latency-documented")) {
      var server = rig.server();
      Contender ours = rig.spillway(rig.edge("a", server.wsUrl()), server, "a");
      Contender node = rig.node("b", Rig.NODE_DOCUMENTED);
      ours.warmUp(WARM_UP);
      measure("spillway, 100 per 500 ms", ours, RATE);
      measure("node, 100 per 500 ms", node, DOCUMENTED_NODE_RATE);
    }
    print(report, "spillway, intervalMs 0", RATE);
    print(report, "mosquitto_sub", RATE);
    print(report, "node, 10 ms", RATE);
    print(report, "spillway, 100 per 500 ms", RATE);
    print(report, "node, 100 per 500 ms", DOCUMENTED_NODE_RATE);
  }

  private void measure(String name, Contender contender, int rate) {
    Load load = contender.load();
    long[] sent = load.remember(NUMBERS);
    long[] seen = contender.tail().remember(NUMBERS);
    int first = (int) load.sent();
    load.evenly(rate, MEASURE);
    contender.awaitAll();
    double[] latencies = new double[(int) load.sent() - first];
    for (int i = 0; i < latencies.length; i++) {
      latencies[i] = (seen[first + i] - sent[first + i]) / 1e6;
    }
    millis.add(name + "/50", Figures.quantile(latencies, 0.5));
    millis.add(name + "/99", Figures.quantile(latencies, 0.99));
  }

  private void print(ScenarioReport report, String name, int rate) {
    double p50 = millis.median(name + "/50");
    double p99 = millis.median(name + "/99");
    String verdict =
        name.endsWith(" 0")
            ? ScenarioReport.goal(p50 <= GOAL_P50 && p99 <= GOAL_P99, "≤ 2 / 10")
                + ", %.1f × mosquitto_sub".formatted(p50 / millis.median("mosquitto_sub/50"))
            : "";
    report.row(
        "%s, %,d/s".formatted(name, rate),
        "%.1f / %.1f".formatted(p50, p99),
        verdict + "  [" + millis.spread(name + "/50", "%.1f") + "]");
  }
}
