package io.spillway.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** CPU per message at a steady rate, of each process. */
final class CpuScenario implements Scenario {
  private static final int[] RATES = {1_000, 10_000};
  private static final int WARM_UP = 500_000;
  private static final int ROUNDS = 3;
  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration MEASURE = Duration.ofSeconds(5);
  private static final double GOAL_AT_10K = 20;

  private final Figures micros = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Rig rig = new Rig("cpu")) {
      var server = rig.server();
      List<Contender> contenders =
          new ArrayList<>(
              List.of(
                  rig.spillway(rig.edge("a", server.wsUrl()), server, "a"),
                  rig.node("b", Rig.NODE_LIFTED),
                  rig.sub("c")));
      String beside = System.getenv("BENCH_BESIDE");
      if (beside != null) {
        contenders.add(rig.beside(Path.of(beside), "d"));
      }
      contenders.forEach(contender -> contender.warmUp(WARM_UP));
      for (int round = 0; round < ROUNDS; round++) {
        for (int rate : RATES) {
          contenders.forEach(contender -> measure(contender, rate));
        }
      }
      for (int rate : RATES) {
        print(report, rate, contenders);
      }
      memory(report, contenders);
    }
  }

  private void measure(Contender contender, int rate) {
    Load load = contender.load();
    load.evenly(rate, SETTLE);
    double[] before = contender.cpuMicros();
    long first = load.sent();
    load.evenly(rate, MEASURE);
    double[] after = contender.cpuMicros();
    long messages = load.sent() - first;
    double sum = 0;
    for (int i = 0; i < after.length; i++) {
      double each = (after[i] - before[i]) / messages;
      micros.add(key(contender, rate, i), each);
      sum += each;
    }
    micros.add(key(contender, rate, -1), sum);
    contender.awaitAll();
  }

  private static String key(Contender contender, int rate, int process) {
    return contender.name() + "/" + rate + "/" + process;
  }

  private void print(ScenarioReport report, int rate, List<Contender> contenders) {
    report.title(
        "CPU per message at %,d/s QoS 1, in µs (edge + server; all rounds)".formatted(rate));
    double ours = micros.median(key(contenders.get(0), rate, -1));
    for (Contender contender : contenders) {
      String all = key(contender, rate, -1);
      String parts =
          contender.processes().size() == 1
              ? ""
              : " = %.1f + %.1f"
                  .formatted(
                      micros.median(key(contender, rate, 0)),
                      micros.median(key(contender, rate, 1)));
      String verdict =
          contender == contenders.get(0)
              ? rate == 10_000 ? ScenarioReport.goal(ours <= GOAL_AT_10K, "≤ 20") : ""
              : "spillway takes %.2f × this".formatted(ours / micros.median(all));
      report.row(
          contender.name() + parts,
          "%.1f".formatted(micros.median(all)),
          verdict + "  [" + micros.spread(all, "%.1f") + "]");
    }
  }

  private static void memory(ScenarioReport report, List<Contender> contenders) {
    report.title("RSS after it, in MB");
    for (Contender contender : contenders) {
      List<String> each = contender.processes().stream().map(p -> "" + p.rssKb() / 1024).toList();
      report.row(contender.name(), String.join(" + ", each), "");
    }
  }
}
