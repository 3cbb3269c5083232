package io.spillway.bench;

import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** How fast an edge gets rid of a backlog once its server is there. */
final class DrainScenario implements Scenario {
  private static final int BACKLOG = 1_000_000;
  private static final int SLOW_BACKLOG = 400_000;
  private static final int ROUNDS = 3;
  private static final Duration ONE_WAY = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final double GOAL = 50_000;
  private static final double GOAL_SLOW = 20_000;

  private final Figures rates = new Figures();

  @Override
  public void run(ScenarioReport report) throws Exception {
    try (Rig rig = new Rig("drain")) {
      Spillway server = rig.server();
      Spillway edge = rig.edge("a", server.wsUrl());
      Path filled = fill(rig, edge);
      for (int round = 0; round < ROUNDS; round++) {
        rates.add("loopback", drain(edge, filled, server, BACKLOG));
      }
      try (TcpProxy slow = new TcpProxy(server.port())) {
        slow.delay(ONE_WAY);
        edge.set("edge.uplink.url", "ws://127.0.0.1:" + slow.port() + "/ws");
        for (int round = 0; round < ROUNDS; round++) {
          rates.add("slow", drain(edge, filled, server, SLOW_BACKLOG));
        }
      }
    }
    report.title("Drain of %,d spooled records, records/s (all rounds)".formatted(BACKLOG));
    print(report, "loopback", "loopback", GOAL);
    print(report, "slow", "50 ms each way, the first %,d".formatted(SLOW_BACKLOG), GOAL_SLOW);
  }

  /** Lets the edge spool everything while it has no server; returns a copy of its spool. */
  private static Path fill(Rig rig, Spillway edge) throws Exception {
    edge.set("edge.uplink.reconnectMs", 200).set("edge.uplink.reconnectMaxMs", 200).start();
    rig.broker().awaitSubscriber("spillway-edge");
    try (Load load = new Load(rig.broker().port(), "a")) {
      load.flatOut(BACKLOG);
      load.settle();
    }
    awaitQuiet(edge.spoolDir());
    edge.terminate();
    edge.proc().awaitLine("%d records stay".formatted(BACKLOG), Duration.ofSeconds(1));
    Path filled = rig.site().dir().resolve("filled");
    copy(edge.spoolDir(), filled);
    return filled;
  }

  private static void awaitQuiet(Path dir) throws IOException, InterruptedException {
    long before = -1;
    for (long now = size(dir); now != before; now = size(dir)) {
      before = now;
      Thread.sleep(1_500);
    }
  }

  /** Records a second, from the first that is stored to the last. */
  private static double drain(Spillway edge, Path filled, Spillway server, int records)
      throws Exception {
    copy(filled, edge.spoolDir());
    empty(server.dataDir());
    Path file = server.dataDir().resolve("ingest.ndjson");
    try (Tail tail = new Tail(file, Duration.ofMillis(1))) {
      edge.start();
      server.start();
      tail.await(1, LIMIT);
      long began = System.nanoTime();
      tail.aim(records);
      tail.await(records, LIMIT);
      double rate = records / ((tail.aimNanos() - began) / 1e9);
      edge.kill9();
      server.kill9();
      return rate;
    }
  }

  private void print(ScenarioReport report, String key, String what, double goal) {
    double rate = rates.median(key);
    report.row(
        what,
        "%,.0f".formatted(rate),
        "%s  [%s]"
            .formatted(
                ScenarioReport.goal(rate >= goal, "≥ %,.0f".formatted(goal)),
                rates.spread(key, "%,.0f")));
  }

  private static long size(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    empty(to);
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void empty(Path dir) throws IOException {
    if (Files.exists(dir)) {
      try (Stream<Path> files = Files.list(dir)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
