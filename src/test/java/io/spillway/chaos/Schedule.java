package io.spillway.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What happens to whom and when, all of it drawn from one seed.
 *
 * <p>Each victim has a list of its own, whose blows do not overlap; those of different victims do.
 */
final class Schedule {
  /** Pause between two blows at one victim, and how long one lasts, at the most; in ms. */
  private static final int PAUSE_MAX = 12_000;

  private static final int LENGTH_MAX = 6_000;

  /** Some blows last: longer than any patience of the product. */
  private static final int LONG_MAX = 25_000;

  private static final int LONG_ONE_IN = 12;

  /**
   * One blow.
   *
   * @param atMs since the beginning
   * @param victim its name, as {@code edge1}
   * @param forMs until it is mended
   * @param dice a number of its own, for what else is left to chance
   */
  record Blow(long atMs, String victim, ChaosFault fault, long forMs, long dice) {
    @Override
    public String toString() {
      return "%7.1f s  %-14s %-28s %5.1f s".formatted(atMs / 1e3, victim, fault.title, forMs / 1e3);
    }
  }

  private Schedule() {}

  /**
   * Draws the blows at one victim.
   *
   * @param possible those of which one is taken each time
   * @param lengthMs after which no more begins
   */
  static List<Blow> of(long seed, String victim, List<ChaosFault> possible, long lengthMs) {
    Random random = new Random(seed * 31 + victim.hashCode());
    List<Blow> blows = new ArrayList<>();
    long at = 0;
    while (!possible.isEmpty()) {
      at += 500 + random.nextInt(PAUSE_MAX);
      long length = random.nextInt(random.nextInt(LONG_ONE_IN) == 0 ? LONG_MAX : LENGTH_MAX);
      ChaosFault fault = possible.get(random.nextInt(possible.size()));
      if (at >= lengthMs) {
        break;
      }
      blows.add(new Blow(at, victim, fault, length, random.nextLong()));
      at += length;
    }
    return blows;
  }

  /** The faults that befall such a victim, but those. */
  static List<ChaosFault> faults(ChaosFault.Victim victim, Set<ChaosFault> without) {
    List<ChaosFault> faults = new ArrayList<>();
    for (ChaosFault fault : ChaosFault.values()) {
      if (fault.victim == victim && !without.contains(fault)) {
        faults.add(fault);
      }
    }
    return faults;
  }
}
