package io.spillway.bench;

import java.time.Duration;
import java.util.List;

/** Memory of a connection that waits for records that do not come. */
final class LiveFootprintScenario implements Scenario {
  private static final int CONNECTIONS = 5_000;
  private static final int ROUNDS = 3;
  private static final int COME_AND_GO = 100;
  private static final int WARM_UP_RATE = 10_000;
  private static final Duration WARM_UP = Times.seconds(3);
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final double GOAL_KB = 20;

  private final Figures figures = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    List<String> names = List.of();
    for (int round = 0; round < ROUNDS; round++) {
      try (LiveRig rig = new LiveRig("live-footprint")) {
        List<LiveContender> contenders = rig.contenders();
        for (LiveContender contender : contenders) {
          measure(contender);
        }
        names = contenders.stream().map(LiveContender::name).toList();
      }
    }
    report.title(
        "%,d idle live connections, KB of RSS for each (all rounds)".formatted(CONNECTIONS));
    for (String name : names) {
      print(report, name, "open", "as they are");
      print(report, name, "collected", "garbage collected");
    }
  }

  /** Warm: its code is compiled, its young generation has been used, 100 have come and gone. */
  private static void warmUp(LiveContender contender) throws Exception {
    try (Audience audience = new Audience(contender, COME_AND_GO, 1, PAUSE)) {
      audience.run(COME_AND_GO, Duration.ZERO, WARM_UP);
    }
    try (RecordFeed feed = new RecordFeed(contender.ingest())) {
      feed.start(WARM_UP_RATE);
      Thread.sleep(WARM_UP.toMillis());
      feed.stop();
    }
    Thread.sleep(SETTLE.toMillis());
  }

  private void measure(LiveContender contender) throws Exception {
    String name = contender.name();
    warmUp(contender);
    double before = collectedKb(contender);
    try (Crowd crowd = Crowd.open(contender.live("nothing"), CONNECTIONS, 0, PAUSE)) {
      Thread.sleep(SETTLE.toMillis());
      double open = contender.proc().rssKb();
      double collected = collectedKb(contender);
      if (crowd.gone() > 0) {
        throw new AssertionError(crowd.gone() + " were closed: " + crowd.lastWords());
      }
      figures.add(name + "/before", before / 1024);
      figures.add(name + "/open", (open - before) / CONNECTIONS);
      figures.add(name + "/open/mb", open / 1024);
      figures.add(name + "/collected", (collected - before) / CONNECTIONS);
      figures.add(name + "/collected/mb", collected / 1024);
    }
  }

  private static double collectedKb(LiveContender contender) throws InterruptedException {
    contender.collector().run();
    contender.collector().run();
    Thread.sleep(SETTLE.toMillis());
    return contender.proc().rssKb();
  }

  private void print(ScenarioReport report, String name, String key, String how) {
    double kb = figures.median(name + "/" + key);
    String verdict = name.equals("spillway") ? ScenarioReport.goal(kb <= GOAL_KB, "≤ 20") : "";
    report.row(
        name + ", " + how,
        "%.1f".formatted(kb),
        "%.0f MB → %.0f MB  %s  [%s]"
            .formatted(
                figures.median(name + "/before"),
                figures.median(name + "/" + key + "/mb"),
                verdict,
                figures.spread(name + "/" + key, "%.1f")));
  }
}
