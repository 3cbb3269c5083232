package io.spillway.chaos;

import io.spillway.chaos.ChaosFault.Victim;
import io.spillway.chaos.Schedule.Blow;
import io.spillway.kit.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One run: everything starts, faults befall it, all is mended, and it is judged. */
public final class Chaos {
  private static final long SAMPLE_MS = 500;
  private static final Path KEPT = Site.PROJECT.resolve("target/chaos");

  private final Options options;
  private final ChaosLimits limits;
  private final World world;
  private final Blows blows;
  private final ChaosVerdict verdict = new ChaosVerdict();
  private long began;
  private volatile boolean over;

  private Chaos(Site site, Options options) throws IOException {
    this.options = options;
    limits = ChaosLimits.of(options.seed());
    world = new World(site, options, limits);
    blows = new Blows(world);
  }

  public static void main(String[] arguments) throws Exception {
    List<Options> runs;
    try {
      runs = Options.all(System.getenv());
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    ChaosVerdict all = new ChaosVerdict();
    StringBuilder table = new StringBuilder(ChaosVerdict.HEAD);
    for (Options options : runs) {
      ChaosVerdict one = run(options, KEPT.resolve("" + options.seed()));
      table.append(one.row(options.toString()));
      all.add(one);
    }
    table.append(all.row("all"));
    Files.writeString(KEPT.resolve("report.md"), table + "\n" + all.befallen() + "\n");
    if (runs.size() > 1) {
      System.out.println("[chaos] all " + runs.size() + " runs: " + all);
    }
    System.exit(all.isGood() ? 0 : 1);
  }

  /** Logs, and if a promise was broken what was stored, stay in {@code directory}. */
  public static ChaosVerdict run(Options options, Path directory)
      throws IOException, InterruptedException {
    System.out.println("[chaos] " + options);
    try (Site site = Site.in(directory)) {
      Chaos chaos = new Chaos(site, options);
      ChaosVerdict verdict = chaos.run();
      if (!verdict.isGood()) {
        chaos.world.keepDisks();
      }
      System.out.println("[chaos] " + options + ": " + verdict);
      return verdict;
    }
  }

  private ChaosVerdict run() throws IOException, InterruptedException {
    System.out.println("[chaos] " + limits);
    List<List<Blow>> schedule = schedule();
    Thread sampler = daemon("chaos-sampler", this::sample);
    world.begin(limits);
    began = System.nanoTime();
    List<Thread> victims = new ArrayList<>();
    for (List<Blow> list : schedule) {
      victims.add(daemon("chaos", () -> list.forEach(this::befall)));
    }
    for (Thread victim : victims) {
      victim.join();
    }
    over = true;
    sampler.join();
    try {
      world.end();
    } catch (AssertionError late) {
      verdict.broken("a publisher: " + late.getMessage());
    }
    new ChaosJudge(world, options, limits, verdict).judge();
    return verdict;
  }

  private static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  // --- faults

  private List<List<Blow>> schedule() {
    Set<ChaosFault> without = EnumSet.noneOf(ChaosFault.class);
    if (!options.brokerEnds()) {
      without.addAll(EnumSet.of(ChaosFault.BROKER_KILLED, ChaosFault.BROKER_STOPPED));
    }
    if (!limits.clocks()) {
      without.addAll(EnumSet.of(ChaosFault.EDGE_CLOCK, ChaosFault.SERVER_CLOCK));
    }
    List<List<Blow>> lists = new ArrayList<>();
    lists.add(draw("server", Victim.SERVER, without));
    lists.add(draw("broker", Victim.BROKER, without));
    for (Station station : world.stations) {
      lists.add(draw(station.name, Victim.EDGE, without));
      lists.add(draw(station.name + " uplink", Victim.LINK, without));
      lists.add(draw(station.name + " mqtt", Victim.LINK, without));
    }
    return lists;
  }

  private List<Blow> draw(String victim, Victim kind, Set<ChaosFault> without) {
    return Schedule.of(options.seed(), victim, Schedule.faults(kind, without), lengthMs());
  }

  /** A start takes as long as it takes: what would come behind the end is left out. */
  private void befall(Blow blow) {
    if (elapsedMs() > lengthMs()) {
      return;
    }
    long waitMs = blow.atMs() - elapsedMs();
    if (waitMs > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(waitMs));
    }
    System.out.println("[chaos] %6.1f %s".formatted(elapsedMs() / 1e3, blow));
    try {
      blows.befall(blow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (AssertionError | RuntimeException failed) {
      verdict.broken(blow + " could not be mended: " + failed.getMessage());
    }
    verdict.befell(blow.fault());
  }

  private long lengthMs() {
    return (long) (options.minutes() * 60_000);
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  // --- how it goes on meanwhile

  private void sample() {
    long last = -1;
    long since = System.nanoTime();
    while (!over) {
      long now = size(world.server.dataDir());
      if (now != last) {
        last = now;
        since = System.nanoTime();
      }
      long stallMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
      verdict.longestStallMs = Math.max(verdict.longestStallMs, stallMs);
      world.sample();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SAMPLE_MS));
    }
  }

  /** Bytes of the files right below. */
  static long size(Path directory) {
    long size = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        size += Files.exists(file) ? Files.size(file) : 0;
      }
      return size;
    } catch (NoSuchFileException moved) {
      return size;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
