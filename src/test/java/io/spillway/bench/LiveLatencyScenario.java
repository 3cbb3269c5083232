package io.spillway.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How long a record takes to those who watch: from being sent, and from being stored. */
final class LiveLatencyScenario implements Scenario {
  private static final int CLIENTS = 50;
  private static final int RATE = 100;
  private static final int ROUNDS = 3;
  private static final Duration WARM_UP = Times.seconds(6);
  private static final Duration SETTLE = Times.seconds(0.5);
  private static final Duration MEASURE = Times.seconds(4);
  private static final int WARM_UP_RATE = 1_000;
  private static final double GOAL_P99 = 5;

  private static final int ALONE_WARM_UP = 2_000;
  private static final Duration ALONE_MEASURE = Times.seconds(6);
  private static final long ALONE_EVERY_NANOS = 50_000_000;
  private static final double GOAL_ALONE = 1;

  private final Figures millis = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    report.title(
        "Sent → delivered, %d clients, %d records/s, ms: p50 / p99 (all rounds' p99)"
            .formatted(CLIENTS, RATE));
    try (LiveRig rig = new LiveRig("live-latency")) {
      List<LiveContender> contenders = rig.contenders();
      List<Audience> all = new ArrayList<>();
      for (LiveContender contender : contenders) {
        all.add(rig.own(new Audience(contender, CLIENTS, CLIENTS, Duration.ZERO)));
      }
      for (Audience each : all) {
        each.run(WARM_UP_RATE, Duration.ZERO, WARM_UP);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Audience each : all) {
          each.run(RATE, SETTLE, MEASURE);
          add(each.contender().name(), each.crowd().millis());
        }
      }
      all.forEach(each -> print(report, each));
    }
    if (LiveRig.withSpillway()) {
      alone(report);
    }
  }

  private void add(String name, double[] latencies) {
    millis.add(name + "/50", Figures.quantile(latencies, 0.5));
    millis.add(name + "/99", Figures.quantile(latencies, 0.99));
  }

  private void print(ScenarioReport report, Audience audience) {
    String name = audience.contender().name();
    double p99 = millis.median(name + "/99");
    String verdict = name.equals("spillway") ? ScenarioReport.goal(p99 <= GOAL_P99, "p99 ≤ 5") : "";
    report.row(
        name,
        "%.2f / %.2f".formatted(millis.median(name + "/50"), p99),
        "%s  [%s]%s".formatted(verdict, millis.spread(name + "/99", "%.2f"), audience.troubles()));
  }

  private void alone(ScenarioReport report) throws Exception {
    report.title("One client, 20 records/s from an edge in acknowledged mode, ms (all rounds)");
    try (LiveRig rig = new LiveRig("live-latency-alone")) {
      LiveContender ours = rig.spillway();
      Crowd crowd = rig.own(Crowd.open(ours.live("measurements"), 1, 1, Duration.ZERO));
      EdgeClient edge = rig.own(new EdgeClient(ours.ingest()));
      for (int i = 0; i < ALONE_WARM_UP; i++) {
        edge.send(1);
        LockSupport.parkNanos(1_000_000);
      }
      for (int round = 0; round < ROUNDS; round++) {
        oneByOne(crowd, edge);
      }
      print(report, "sent → acknowledged, p50", "acked/50", "");
      print(report, "sent → delivered, p50", "alone/50", "");
      print(report, "sent → delivered, p99", "alone/99", "");
      boolean reached = millis.median("stored/50") <= GOAL_ALONE;
      print(
          report,
          "stored (ack is here) → delivered, p50",
          "stored/50",
          ScenarioReport.goal(reached, "≤ 1") + ", below 0: delivered before the ack came");
      print(report, "stored (ack is here) → delivered, p99", "stored/99", "");
    }
  }

  private void oneByOne(Crowd crowd, EdgeClient edge) throws Exception {
    crowd.settle(Duration.ofSeconds(5));
    crowd.restart();
    long end = System.nanoTime() + ALONE_MEASURE.toNanos();
    while (System.nanoTime() < end) {
      edge.send(1);
      LockSupport.parkNanos(ALONE_EVERY_NANOS);
    }
    edge.settle();
    crowd.settle(Duration.ofSeconds(5));
    RecordWatch watch = crowd.watches().findFirst().orElseThrow();
    double[] acked = new double[watch.count()];
    double[] delivered = new double[watch.count()];
    double[] behindAck = new double[watch.count()];
    for (int i = 0; i < watch.count(); i++) {
      acked[i] = (edge.ackMicros(watch.number(i)) - watch.sentMicros(i)) / 1e3;
      delivered[i] = watch.millis(i);
      behindAck[i] = delivered[i] - acked[i];
    }
    millis.add("acked/50", Figures.quantile(acked, 0.5));
    add("alone", delivered);
    add("stored", behindAck);
  }

  private void print(ScenarioReport report, String what, String key, String verdict) {
    report.row(
        what,
        "%.2f".formatted(millis.median(key)),
        verdict + "  [" + millis.spread(key, "%.2f") + "]");
  }
}
