package io.spillway.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the judge found: figures for the report, and each promise that was not kept. */
public final class ChaosVerdict {
  private static final int SHOWN_MAX = 12;

  /** Of a table with a {@link #row} for each run. */
  static final String HEAD =
      """
      | run | faults | sent | acknowledged | stored | set aside | duplicate | possibly double | lost \
      | forgotten by the broker | out of order | longest stall, s | promises broken |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  private final List<String> broken = new ArrayList<>();
  int sent;
  int acknowledged;
  int stored;
  int setAside;
  int duplicate;
  int possiblyDouble;
  int lost;
  int forgotten;
  int outOfOrder;
  long longestStallMs;
  private final Map<ChaosFault, Integer> faults = new EnumMap<>(ChaosFault.class);

  /** A promise that was not kept. */
  synchronized void broken(String words) {
    broken.add(words);
  }

  /** As above, of all these, of which the first are shown. */
  void broken(String words, List<String> ids) {
    if (!ids.isEmpty()) {
      broken(words + " " + ids.size() + ": " + first(ids));
    }
  }

  /** As many as are shown. */
  static List<String> first(List<String> ids) {
    return ids.subList(0, Math.min(SHOWN_MAX, ids.size()));
  }

  /** This has befallen. */
  synchronized void befell(ChaosFault fault) {
    faults.merge(fault, 1, Integer::sum);
  }

  /** Adds what another run came to. */
  void add(ChaosVerdict other) {
    broken.addAll(other.broken);
    other.faults.forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
    sent += other.sent;
    acknowledged += other.acknowledged;
    stored += other.stored;
    setAside += other.setAside;
    duplicate += other.duplicate;
    possiblyDouble += other.possiblyDouble;
    lost += other.lost;
    forgotten += other.forgotten;
    outOfOrder += other.outOfOrder;
    longestStallMs = Math.max(longestStallMs, other.longestStallMs);
  }

  public boolean isGood() {
    return broken.isEmpty();
  }

  String row(String run) {
    return "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f | %d |%n"
        .formatted(
            run,
            faults(),
            sent,
            acknowledged,
            stored,
            setAside,
            duplicate,
            possiblyDouble,
            lost,
            forgotten,
            outOfOrder,
            longestStallMs / 1e3,
            broken.size());
  }

  private int faults() {
    return faults.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Which faults, and how often each. */
  String befallen() {
    StringBuilder words = new StringBuilder(faults() + " faults");
    faults.forEach(
        (fault, times) -> words.append(", ").append(fault.title).append(' ').append(times));
    return words.toString();
  }

  @Override
  public String toString() {
    String figures =
        ("sent %d, acknowledged %d, stored %d, set aside %d, duplicate %d (possibly double: %d),"
                + " lost %d, forgotten by the broker %d, out of order %d")
            .formatted(
                sent,
                acknowledged,
                stored,
                setAside,
                duplicate,
                possiblyDouble,
                lost,
                forgotten,
                outOfOrder);
    return "%s%n%s; longest stall %.1f s%n".formatted(befallen(), figures, longestStallMs / 1e3)
        + (isGood() ? "every promise was kept" : "- " + String.join("\n- ", broken));
  }
}
