package io.spillway.bench;

import io.spillway.kit.Proc;
import io.spillway.kit.Spillway;
import java.time.Duration;
import java.util.List;

/** What an edge takes when nothing happens, and how soon it is there. */
final class FootprintScenario implements Scenario {
  private static final int ROUNDS = 5;
  private static final Duration IDLE = Duration.ofSeconds(8);
  private static final double GOAL_MB = 80;
  private static final double GOAL_S = 1.5;

  private final Figures figures = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Rig rig = new Rig("footprint")) {
      Spillway server = rig.server().start();
      Contender node = rig.node("b", Rig.NODE_LIFTED);
      for (int round = 0; round < ROUNDS; round++) {
        measure(rig.edge("a", server.wsUrl()));
      }
      double rss = figures.median("rss");
      double seconds = figures.median("connected");
      List<Long> nodeMb = node.processes().stream().map(p -> p.rssKb() / 1024).toList();
      report.title("Idle edge with scripts/java-flags-edge (all rounds)");
      report.row(
          "RSS, MB",
          "%.0f".formatted(rss),
          "%.2f × node's %d  %s  [%s]"
              .formatted(
                  rss / nodeMb.get(0),
                  nodeMb.get(0),
                  ScenarioReport.goal(rss <= GOAL_MB, "≤ 80"),
                  figures.spread("rss", "%.0f")));
      report.row(
          "JVM start to [uplink] connected, s",
          "%.2f".formatted(seconds),
          "%s  [%s]"
              .formatted(
                  ScenarioReport.goal(seconds <= GOAL_S, "≤ 1.5"),
                  figures.spread("connected", "%.2f")));
      report.row(
          "idle server's RSS, MB", "" + server.proc().rssKb() / 1024, "node's " + nodeMb.get(1));
    }
  }

  private void measure(Spillway edge) throws InterruptedException {
    long began = System.nanoTime();
    Proc proc = edge.launch();
    proc.awaitLine("\\[uplink\\] connected", Duration.ofSeconds(30));
    figures.add("connected", (System.nanoTime() - began) / 1e9);
    Thread.sleep(IDLE.toMillis());
    figures.add("rss", proc.rssKb() / 1024.0);
    proc.close();
  }
}
