package io.spillway.bench;

import java.io.IOException;
import java.time.Duration;

/** Whether those who watch something else slow down what comes in. */
final class LiveIngestScenario implements Scenario {
  private static final int CLIENTS = 500;
  private static final int BATCH = 100;
  private static final int ROUNDS = 5;
  private static final Duration WARM_UP = Times.seconds(6);
  private static final Duration MEASURE = Times.seconds(3);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final double GOAL = 0.9;

  private final Figures figures = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    if (!LiveRig.withSpillway()) {
      return;
    }
    try (LiveRig rig = new LiveRig("live-ingest")) {
      LiveContender server = rig.spillway();
      EdgeClient edge = rig.own(new EdgeClient(server.ingest()));
      rate(edge, WARM_UP);
      for (int round = 0; round < ROUNDS; round++) {
        measure(server, edge, 0);
        measure(server, edge, CLIENTS);
      }
    }
    double alone = figures.median("0");
    double watched = figures.median("" + CLIENTS);
    report.title("Ingest of batches of 100 from one edge, records/s (all rounds)");
    report.row(
        "nobody watches", "%,.0f".formatted(alone), "[" + figures.spread("0", "%,.0f") + "]");
    report.row(
        "%d watch another topic".formatted(CLIENTS),
        "%,.0f".formatted(watched),
        "%.2f × that  %s  [%s]"
            .formatted(
                watched / alone,
                ScenarioReport.goal(watched >= GOAL * alone, "≥ 0.9"),
                figures.spread("" + CLIENTS, "%,.0f")));
  }

  private void measure(LiveContender server, EdgeClient edge, int clients) throws IOException {
    try (Crowd crowd = Crowd.open(server.live("alerts"), clients, 0, PAUSE)) {
      figures.add("" + clients, rate(edge, MEASURE));
      if (crowd.records() > 0 || crowd.gone() > 0) {
        throw new AssertionError("got %d, lost %d".formatted(crowd.records(), crowd.gone()));
      }
    }
  }

  /** Records that are acknowledged a second. */
  static double rate(EdgeClient edge, Duration time) throws IOException {
    long began = System.nanoTime();
    long first = edge.acknowledged();
    while (System.nanoTime() - began < time.toNanos()) {
      edge.send(BATCH);
    }
    edge.settle();
    return (edge.acknowledged() - first) / ((System.nanoTime() - began) / 1e9);
  }
}
