package io.spillway.disk;

import io.spillway.disk.DiskEvent.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Has a {@link Life} go on with what power cuts have left, at any of its operations, and again at
 * those of the life that goes on.
 *
 * @param <P> see there
 */
public final class Cuts<P> {
  private static final int STEPS_AFTER = 4;

  private final String name;
  private final Life<P> life;
  private final Path temp;
  private final List<Lived<P>> lives = new ArrayList<>();
  private int cuts;

  /** One life as it was recorded. */
  private record Lived<P>(String name, ForgettingDisk disk, List<DiskEvent> events, P before) {
    @SuppressWarnings("unchecked")
    P promisedAt(int cut) {
      P promised = before;
      for (DiskEvent event : events.subList(0, cut)) {
        promised = event instanceof Promise more ? (P) more.said() : promised;
      }
      return promised;
    }
  }

  /**
   * Those of one life.
   *
   * @param name of the life, for a failure
   * @param temp a directory that is thrown away
   */
  public Cuts(String name, Life<P> life, Path temp) {
    this.name = name;
    this.life = life;
    this.temp = temp;
  }

  /** How often the power was cut. */
  public int count() {
    return cuts;
  }

  /**
   * Lives once, has the power cut at each operation in turn until there were so many cuts, and
   * again in a part of the lives that go on.
   */
  public Cuts<P> cut(long seed, int steps, int count) throws IOException {
    Lived<P> first = first(seed, steps);
    int until = cuts + count;
    for (long turn = 0; cuts < until; turn++) {
      int before = cuts;
      PowerCut power = new PowerCut(first.disk, "");
      for (int at = 0; at < first.events.size() && cuts < until; at++) {
        power.after(first.events.get(at));
        boolean mine = (at + turn) % Math.max(1, first.events.size() / count) == 0;
        if (mine && !(first.events.get(at) instanceof Promise)) {
          goOn(first, power, at + 1, seed * 1_000_003 + turn * 10_007 + at, true);
        }
      }
      if (cuts == before && turn > first.events.size()) {
        throw new IllegalStateException(name + " does nothing");
      }
    }
    return this;
  }

  private Lived<P> first(long seed, int steps) throws IOException {
    Path dir = Files.createDirectories(temp.resolve("first-" + lives.size()));
    Random random = new Random(seed);
    try {
      P before = life.before(dir, random);
      ForgettingDisk disk = ForgettingDisk.over(dir);
      life.live(disk, before, random, steps);
      return lived(name + ", seed " + seed, disk, before);
    } catch (Exception | AssertionError error) {
      throw new AssertionError(name + ", seed " + seed + ", before any cut", error);
    }
  }

  private Lived<P> lived(String called, ForgettingDisk disk, P before) {
    Lived<P> lived = new Lived<>(called, disk, disk.events(), before);
    lives.add(lived);
    return lived;
  }

  private void goOn(Lived<P> before, PowerCut power, int cut, long seed, boolean again)
      throws IOException {
    Random random = new Random(seed);
    cuts++;
    Path dir = temp.resolve(again ? "cut" : "cut-again");
    String called = before.name + ", cut " + cut + " (" + seed + ")";
    try {
      ForgettingDisk disk = power.image(dir, random, again && random.nextInt(3) == 0);
      P promised = before.promisedAt(cut);
      try {
        life.live(disk, promised, random, random.nextInt(STEPS_AFTER));
      } catch (Exception | AssertionError error) {
        throw new AssertionError(called + after(before.events, cut), error);
      }
      if (again && random.nextInt(4) == 0) {
        cutAgain(lived(called, disk, promised), random);
      }
    } finally {
      delete(dir);
    }
  }

  private void cutAgain(Lived<P> lived, Random random) throws IOException {
    if (lived.events.isEmpty()) {
      return;
    }
    int cut = 1 + random.nextInt(lived.events.size());
    goOn(lived, powerAt(lived, cut, ""), cut, random.nextLong(), false);
  }

  private static PowerCut powerAt(Lived<?> lived, int cut, String skipped) {
    PowerCut power = new PowerCut(lived.disk, skipped);
    lived.events.subList(0, cut).forEach(power::after);
    return power;
  }

  private static String after(List<DiskEvent> events, int cut) {
    StringBuilder last = new StringBuilder(", after");
    for (DiskEvent event : events.subList(Math.max(0, cut - 6), cut)) {
      last.append(' ').append(Words.of(event));
    }
    return last.toString();
  }

  // --- without one of the places that sync

  /** The places that were come by. */
  public Set<String> sites() {
    Set<String> sites = new TreeSet<>();
    lives.forEach(lived -> lived.events.forEach(event -> sites.add(Skip.site(event))));
    sites.remove("");
    return sites;
  }

  /**
   * Whether a power cut shows that this place does not sync any more, within so many attempts: they
   * are made while what it should have synced is not.
   */
  public boolean misses(String skipped, int attempts, long seed) throws IOException {
    Random random = new Random(seed);
    Map<Skip, Lived<P>> all = new LinkedHashMap<>();
    lives.forEach(
        lived -> Skip.of(lived.disk, lived.events, skipped).forEach(skip -> all.put(skip, lived)));
    List<Skip> skips = List.copyOf(all.keySet());
    for (int attempt = 0; attempt < attempts && !skips.isEmpty(); attempt++) {
      Skip skip = skips.get(random.nextInt(skips.size()));
      int cut = skip.cut(random);
      Lived<P> lived = all.get(skip);
      try {
        goOn(lived, powerAt(lived, cut, skipped), cut, random.nextLong(), false);
      } catch (AssertionError found) {
        return true;
      }
    }
    return false;
  }

  private static void delete(Path dir) throws IOException {
    if (Files.notExists(dir)) {
      return;
    }
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
