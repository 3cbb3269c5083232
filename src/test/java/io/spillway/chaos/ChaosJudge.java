package io.spillway.chaos;

import io.spillway.kit.Await;
import io.spillway.kit.BrokerKind;
import io.spillway.kit.Http;
import io.spillway.kit.Ndjson;
import io.spillway.kit.Proc;
import io.spillway.kit.Publisher;
import io.spillway.kit.Spillway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Holds the product to its promises when all faults have ended. */
final class ChaosJudge {
  private static final Duration STUCK = Duration.ofSeconds(60);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration READER = Duration.ofSeconds(60);
  private static final int LOOK_MS = 2_000;

  /** Of as many a repetition is certain: half of all packet identifiers. */
  private static final int UNDER_WAY_MAX = 32_768;

  private final World world;
  private final Options options;
  private final ChaosLimits limits;
  private final ChaosVerdict verdict;
  private final List<String> doubled = new ArrayList<>();

  ChaosJudge(World world, Options options, ChaosLimits limits, ChaosVerdict verdict) {
    this.world = world;
    this.options = options;
    this.limits = limits;
    this.verdict = verdict;
  }

  /** Waits until all has come or nothing comes any more, and looks at everything. */
  void judge() throws IOException, InterruptedException {
    settle();
    Map<String, Integer> fresh = fresh();
    Books books = new Books(world.server.stored());
    Set<String> setAside = Books.setAside(new Ndjson(world.server.dataDir()));
    for (Station station : world.stations) {
      setAside.addAll(Books.setAside(new Ndjson(station.edge.spoolDir())));
    }
    for (Station station : world.stations) {
      numbered(station, books, setAside);
      equal(station, books);
    }
    verdict.setAside = setAside.size();
    verdict.stored = books.lines();
    verdict.broken("nobody has sent", List.copyOf(books.strangers(runs())));
    duplicates();
    readers(books.lines());
    fresh.forEach(
        (name, left) -> {
          if (left > 0) {
            verdict.broken("of " + name + " nothing new comes within " + FRESH);
          }
        });
    health();
    proof();
    if (verdict.acknowledged == 0) {
      verdict.broken("nothing was acknowledged, so nothing is shown");
    }
  }

  private Set<String> runs() {
    return world.stations.stream()
        .map(station -> station.numbered.run())
        .collect(Collectors.toSet());
  }

  // --- whether all has come

  private void settle() {
    long stuck = System.nanoTime() + STUCK.toNanos();
    long before = -1;
    boolean all = false;
    while (System.nanoTime() - stuck < 0 && !all) {
      pause(LOOK_MS);
      long now = size() + world.stations.stream().mapToInt(each -> each.tap.pubacks()).sum();
      if (now == before) { // to count all that is stored takes long
        all = hasAll();
      } else {
        before = now;
        stuck = System.nanoTime() + STUCK.toNanos();
      }
    }
  }

  private static void pause(long ms) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long size() {
    return Chaos.size(world.server.dataDir());
  }

  private boolean hasAll() {
    Books books = new Books(world.server.stored());
    return world.stations.stream()
        .allMatch(
            station ->
                books.of(station.numbered).size() >= station.numbered.acknowledgedCount()
                    && books.ofTopic(station.equal.topics().get(0))
                        >= station.equal.acknowledgedCount());
  }

  /** How many stations' fresh messages have not come in time, by name. */
  private Map<String, Integer> fresh() {
    Map<String, Integer> left = new HashMap<>();
    for (Station station : world.stations) {
      int from = station.numbered.sent();
      station.numbered.publish(station.numbered.topics().size(), 1_000);
      station.numbered.awaitAcknowledged();
      try {
        Await.until("fresh", FRESH, () -> areShown(station, from));
        left.put(station.name, 0);
      } catch (AssertionError late) {
        left.put(station.name, 1);
      }
    }
    return left;
  }

  /** All that was sent from then on has come to the first reader. */
  private boolean areShown(Station station, int from) {
    for (int n = from; n < station.numbered.sent(); n++) {
      boolean mayBeAside = limits.refusesLong() && station.numbered.isLong(n);
      if (!world.readers.get(0).hasSeen(station.numbered.id(n)) && !mayBeAside) {
        return false;
      }
    }
    return true;
  }

  // --- what has come

  private void numbered(Station station, Books books, Set<String> setAside) {
    Publisher publisher = station.numbered;
    List<Integer> stored = books.of(publisher);
    Set<Integer> once = new HashSet<>();
    List<String> twice = new ArrayList<>();
    List<String> disorder = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    Set<String> overtaken = station.tap.overtaken();
    Map<Integer, Integer> lastOfTopic = new HashMap<>();
    for (int n : stored) {
      if (n >= publisher.sent()) {
        unknown.add(publisher.id(n));
      } else if (!once.add(n)) {
        twice.add(publisher.id(n));
      } else if (lastOfTopic.merge(n % publisher.topics().size(), n, Math::max) > n
          && !overtaken.contains(publisher.id(n))) {
        disorder.add(publisher.id(n));
      }
    }
    List<String> missing = new ArrayList<>(publisher.acknowledged());
    missing.removeIf(id -> once.contains(number(id)));
    List<String> refused = missing.stream().filter(setAside::contains).toList();
    verdict.broken(
        station.name + " set aside without need",
        refused.stream()
            .filter(id -> !limits.refusesLong() || !publisher.isLong(number(id)))
            .toList());
    missing.removeAll(setAside);
    List<String> forgotten = station.tap.notAcknowledged(missing);
    missing.removeAll(Set.copyOf(forgotten));
    verdict.sent += publisher.sent();
    verdict.acknowledged += publisher.acknowledgedCount();
    verdict.duplicate += twice.size();
    verdict.lost += missing.size();
    verdict.forgotten += forgotten.size();
    verdict.outOfOrder += disorder.size();
    verdict.broken(station.name + " LOST", missing);
    verdict.broken(station.name + " never sent, but stored", unknown);
    verdict.broken(station.name + " out of order", disorder);
    doubled.addAll(twice);
    forgotten(station.name, forgotten);
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
  }

  private void equal(Station station, Books books) {
    Publisher publisher = station.equal;
    String topic = publisher.topics().get(0);
    int stored = books.ofTopic(topic);
    int missing = Math.max(0, publisher.acknowledgedCount() - stored);
    int waiting = Math.max(0, publisher.acknowledgedCount() - station.tap.pubacks(topic));
    int forgotten = Math.min(missing, waiting);
    int twice = Math.max(0, stored - publisher.sent());
    verdict.sent += publisher.sent();
    verdict.acknowledged += publisher.acknowledgedCount();
    verdict.duplicate += twice;
    verdict.lost += missing - forgotten;
    verdict.forgotten += forgotten;
    if (missing > forgotten) {
      verdict.broken(station.name + " LOST of equal ones: " + (missing - forgotten));
    }
    if (twice > 0) {
      doubled.add(twice + " equal ones");
    }
    if (forgotten > 0) {
      forgotten(station.name, List.of(forgotten + " equal ones"));
    }
  }

  /** Where the broker tells enough, an edge counts each that it cannot tell; else nearly all. */
  private void duplicates() {
    verdict.possiblyDouble = world.possiblyDouble();
    boolean strict = world.stations.stream().allMatch(this::isStrict);
    int uncounted = verdict.duplicate - (strict ? verdict.possiblyDouble : Integer.MAX_VALUE);
    boolean noneCounted = verdict.duplicate > 0 && verdict.possiblyDouble == 0;
    if (uncounted > 0 || noneCounted) {
      verdict.broken(
          "stored twice %d, counted %d: %s"
              .formatted(verdict.duplicate, verdict.possiblyDouble, ChaosVerdict.first(doubled)));
    }
  }

  private void forgotten(String name, List<String> ids) {
    if (!options.brokerEnds()) {
      verdict.broken(name + " never came from a broker that had them", ids);
    }
  }

  /** Whether nothing may be stored twice that is not counted: docs/guarantees.md. */
  private boolean isStrict(Station station) {
    return options.broker().ids() == BrokerKind.Ids.RISING
        && !options.brokerEnds()
        && station.tap.mostUnderWay() <= UNDER_WAY_MAX;
  }

  // --- what is said of it

  private void readers(int lines) {
    for (LiveReader reader : world.readers) {
      try {
        Await.until("the reader is at the end", READER, () -> reader.last() >= lines);
      } catch (AssertionError late) {
        verdict.broken("a reader is at " + reader.last() + " of " + lines);
      }
      verdict.broken("a reader saw gaps", reader.faults());
    }
  }

  private void health() throws IOException, InterruptedException {
    String url = world.server.httpUrl() + "/health";
    try {
      Await.until("/health", READER, () -> Http.get(url).body().contains("\"status\":\"ok\""));
    } catch (AssertionError late) {
      verdict.broken("/health says " + Http.get(url).body());
    }
  }

  private void proof() {
    List<String> command = new ArrayList<>(List.of("verify"));
    if (options.jar() == null) {
      command.addAll(List.of("--server", world.server.dataDir().toString()));
      for (Station station : world.stations) {
        command.addAll(List.of("--edge", station.edge.spoolDir().toString()));
      }
    } else {
      command.add(world.server.dataDir().toString());
    }
    Proc verify =
        Proc.run(
            "verify",
            world.site.dir().resolve("verify"),
            Map.of(),
            Spillway.command(command.toArray(String[]::new)));
    if (verify.exitCode() != 0) {
      verdict.broken("verify ends with " + verify.exitCode() + ": " + verify.tail(12));
    }
  }
}
