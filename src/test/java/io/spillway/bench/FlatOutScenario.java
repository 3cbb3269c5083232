package io.spillway.bench;

import java.util.List;

/** How many messages a second reach the file when publishing as fast as the broker takes it. */
final class FlatOutScenario implements Scenario {
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 300_000;
  private static final long MESSAGES = 150_000;
  private static final double GOAL = 0.85;

  private final Figures figures = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Rig rig = new Rig("flatout")) {
      var server = rig.server();
      Contender ours = rig.spillway(rig.edge("a", server.wsUrl()), server, "a");
      Contender node = rig.node("b", Rig.NODE_LIFTED);
      Contender sub = rig.sub("c");
      List<Contender> contenders = List.of(sub, ours, node);
      contenders.forEach(contender -> contender.warmUp(WARM_UP));
      for (int round = 0; round < ROUNDS; round++) {
        for (Contender contender : contenders) {
          double[] before = contender.cpuMicros();
          figures.add(contender.name(), rate(contender));
          double[] after = contender.cpuMicros();
          for (int i = 0; i < after.length; i++) {
            figures.add(contender.name() + i, (after[i] - before[i]) / MESSAGES);
          }
        }
      }
      report.title("Flat out QoS 1: messages/s that reach the file (all rounds)");
      contenders.forEach(contender -> print(report, contender));
    }
  }

  // Without the end: what waits there for a batch to fill says nothing about the rate.
  private static double rate(Contender contender) {
    long counted = MESSAGES * 98 / 100;
    contender.tail().aim(contender.load().sent() + counted);
    long began = System.nanoTime();
    contender.load().flatOut(MESSAGES);
    contender.awaitAll();
    return counted / ((contender.tail().aimNanos() - began) / 1e9);
  }

  private void print(ScenarioReport report, Contender contender) {
    double share = figures.median(contender.name()) / figures.median("mosquitto_sub");
    String cpu =
        contender.processes().size() == 1
            ? "%.1f µs".formatted(figures.median(contender.name() + 0))
            : "%.1f + %.1f µs"
                .formatted(
                    figures.median(contender.name() + 0), figures.median(contender.name() + 1));
    String verdict =
        contender.name().equals("spillway")
            ? ScenarioReport.goal(share >= GOAL, "≥ 0.85 × mosquitto_sub")
            : "";
    report.row(
        contender.name() + ", " + cpu + " a message",
        "%,.0f".formatted(figures.median(contender.name())),
        "%.2f × mosquitto_sub  %s  [%s]"
            .formatted(share, verdict, figures.spread(contender.name(), "%,.0f")));
  }
}
