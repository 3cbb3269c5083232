package io.spillway.bench;

import io.spillway.bench.Audience.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records that reach many clients: how many a second, and what each delivery costs. */
final class FanoutScenario implements Scenario {
  private static final int WATCHED = 5;
  private static final int ROUNDS = 3;
  private static final Duration WARM_UP = Times.seconds(4);
  private static final Duration SETTLE = Times.seconds(0.5);
  private static final Duration MEASURE = Times.seconds(4);
  private static final Duration STEP = Times.seconds(2);
  private static final double STEP_FACTOR = 2;
  private static final double KEPT_UP = 0.9;
  private static final double GOAL_RATE = 3;
  private static final double GOAL_CPU = 1 / 3.0;

  /** They read 25 times a second: what they cost must not be what is measured. */
  private static final Duration PAUSE = Duration.ofMillis(40);

  @Override
  public void run(ScenarioReport report) throws Exception {
    run(report, 500, 1_000);
    run(report, 2_000, 100);
  }

  private static void run(ScenarioReport report, int clients, int perSecond) throws Exception {
    Figures figures = new Figures();
    try (LiveRig rig = new LiveRig("fanout-" + clients)) {
      List<Audience> all = new ArrayList<>();
      List<LiveContender> contenders = new ArrayList<>(rig.contenders());
      contenders.add(rig.node(true));
      for (LiveContender contender : contenders) {
        all.add(rig.own(new Audience(contender, clients, WATCHED, PAUSE)));
      }
      for (Audience each : all) {
        each.run(perSecond, Duration.ZERO, WARM_UP);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Audience each : all) {
          add(figures, each, each.run(perSecond, SETTLE, MEASURE));
        }
      }
      report.title(
          "Fan-out to %,d clients, %,d records/s: %,d deliveries/s are due (all rounds)"
              .formatted(clients, perSecond, clients * perSecond));
      all.forEach(each -> print(report, figures, each));
      report.title("Fan-out to %,d clients, as fast as it goes: deliveries/s".formatted(clients));
      for (Audience each : all) {
        climb(figures, each, perSecond);
        printMost(report, figures, each);
        each.close(); // before the next one: what it still has to catch up takes CPU
      }
      verdict(report, figures, all);
    }
  }

  private static void add(Figures figures, Audience audience, Delivery delivery) {
    String name = name(audience);
    figures.add(name + "/rate", delivery.deliveriesPerSecond());
    figures.add(name + "/share", 100 * delivery.share());
    figures.add(name + "/cpu", delivery.cpuMicros());
    figures.add(name + "/client", delivery.clientMicros());
    figures.add(name + "/rss", audience.contender().proc().rssKb() / 1024.0);
  }

  private static void print(ScenarioReport report, Figures figures, Audience audience) {
    String name = name(audience);
    report.row(
        name,
        "%,.0f/s".formatted(figures.median(name + "/rate")),
        "%.1f %% delivered, CPU %.2f µs each, RSS %.0f MB  [%s]  [%s µs]%s"
            .formatted(
                figures.median(name + "/share"),
                figures.median(name + "/cpu"),
                figures.median(name + "/rss"),
                figures.spread(name + "/rate", "%,.0f"),
                figures.spread(name + "/cpu", "%.2f"),
                audience.troubles()));
    report.row(
        "  (publisher and clients beside it)",
        "%.2f µs".formatted(figures.median(name + "/client")),
        "CPU for each delivery");
  }

  /** Raises the rate, if it was followed, until it is no longer; keeps the most deliveries. */
  private static void climb(Figures figures, Audience audience, int from) throws Exception {
    String name = name(audience);
    double most = audience.crowd().gone() > 0 ? 0 : figures.median(name + "/rate");
    boolean follows = figures.median(name + "/share") >= 100 * KEPT_UP;
    for (double rate = from * STEP_FACTOR; follows; rate *= STEP_FACTOR) {
      int gone = audience.crowd().gone();
      Delivery step = audience.run((int) rate, SETTLE, STEP);
      follows = audience.crowd().gone() == gone && step.share() >= KEPT_UP;
      if (audience.crowd().gone() == gone) {
        // Not more than were due: the rest is what had been left from before.
        most = Math.max(most, step.deliveriesPerSecond() / Math.max(1, step.share()));
      }
    }
    figures.add(name + "/most", most);
  }

  private static void printMost(ScenarioReport report, Figures figures, Audience audience) {
    String name = name(audience);
    double most = figures.median(name + "/most");
    report.row(name, "%,.0f/s".formatted(most), audience.troubles());
  }

  private static void verdict(ScenarioReport report, Figures figures, List<Audience> all) {
    String ours = name(all.get(0));
    if (!ours.equals("spillway")) {
      return;
    }
    for (Audience other : all.subList(1, all.size())) {
      String theirs = name(other);
      double most = figures.median(ours + "/most") / figures.median(theirs + "/most");
      double cpu = figures.median(ours + "/cpu") / figures.median(theirs + "/cpu");
      report.row(
          "deliveries/s beside " + theirs,
          "%.2f ×".formatted(most),
          ScenarioReport.goal(most >= GOAL_RATE, "≥ 3"));
      report.row(
          "CPU for each delivery beside " + theirs,
          "%.2f ×".formatted(cpu),
          ScenarioReport.goal(cpu <= GOAL_CPU, "≤ 0.33"));
    }
  }

  private static String name(Audience audience) {
    return audience.contender().name();
  }
}
