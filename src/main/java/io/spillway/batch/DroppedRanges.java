package io.spillway.batch;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What one epoch has dropped, see {@link DroppedNumbers}. It does not change: any thread may ask.
 *
 * @param from every drop is here from this number on
 * @param bounds first and behind the last of each range, in order
 * @param undecided of what is here from this number to in front of {@code undecidedTo} it is not
 *     known whether the server has it; {@link #DECIDED} where there is none
 * @param undecidedTo nothing from here on was ever sent
 * @param assured the server had all below, when what it has was last taken out; 1 if never
 */
record DroppedRanges(long from, List<Long> bounds, long undecided, long undecidedTo, long assured) {
  static final int RANGES_MAX = 1_000;

  /** In the place of a number: the fate of all is known. */
  static final long DECIDED = Long.MAX_VALUE;

  /** Of an epoch that notes nothing. */
  static final DroppedRanges NONE = new DroppedRanges(1, List.of());

  private static final String UNDECIDED = "undecided";
  private static final String UNDECIDED_TO = "undecidedTo";
  private static final String ASSURED = "assured";

  /** Of which all is known. */
  DroppedRanges(long from, List<Long> bounds) {
    this(from, bounds, DECIDED, DECIDED, 1);
  }

  static DroppedRanges parse(JsonObject json) {
    List<Long> bounds = new ArrayList<>();
    json.getJsonArray("ranges").forEach(bound -> bounds.add(((Number) bound).longValue()));
    return new DroppedRanges(
        json.getLong("from"),
        bounds,
        json.getLong(UNDECIDED, DECIDED),
        json.getLong(UNDECIDED_TO, DECIDED),
        json.getLong(ASSURED, 1L));
  }

  JsonObject json() {
    JsonObject json = new JsonObject().put("from", from).put("ranges", new JsonArray(bounds));
    if (assured > 1) {
      json.put(ASSURED, assured);
    }
    return isOpen() ? json.put(UNDECIDED, undecided).put(UNDECIDED_TO, undecidedTo) : json;
  }

  boolean isOpen() {
    return undecided < DECIDED;
  }

  DroppedRanges decided() {
    return new DroppedRanges(from, bounds, DECIDED, DECIDED, assured);
  }

  /**
   * These go, too, above all that is here.
   *
   * @param sent below it all may have been under way
   */
  DroppedRanges with(long first, long next, long sent) {
    List<Long> more = new ArrayList<>(bounds);
    add(more, first, next);
    boolean tooMany = more.size() > 2 * RANGES_MAX;
    long begin = tooMany ? more.get(1) : from;
    List<Long> kept = tooMany ? List.copyOf(more.subList(2, more.size())) : more;
    if (first >= sent) {
      return new DroppedRanges(begin, kept, undecided, undecidedTo, assured);
    }
    long to = Math.min(next, sent);
    return isOpen()
        ? new DroppedRanges(
            begin, kept, Math.min(undecided, first), Math.max(undecidedTo, to), assured)
        : new DroppedRanges(begin, kept, first, to, assured);
  }

  /**
   * Of what is undecided the server has what is below {@code stored}, and nothing from there to
   * {@code decided}.
   */
  DroppedRanges settled(long stored, long decided) {
    if (!isOpen() || decided <= undecided) {
      return this;
    }
    long has = Math.min(stored, undecidedTo);
    List<Long> left = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i += 2) {
      add(left, bounds.get(i), Math.min(bounds.get(i + 1), undecided));
      add(left, Math.max(bounds.get(i), Math.max(has, undecided)), bounds.get(i + 1));
    }
    boolean all = decided >= undecidedTo;
    return new DroppedRanges(
        from,
        left,
        all ? DECIDED : decided,
        all ? DECIDED : undecidedTo,
        Math.max(assured, stored));
  }

  private static void add(List<Long> to, long first, long next) {
    int last = to.size() - 1;
    if (first >= next) {
      return;
    }
    if (last > 0 && to.get(last) >= first) {
      to.set(last, Math.max(to.get(last), next));
    } else {
      to.addAll(List.of(first, next));
    }
  }

  /** How many are undecided. */
  long undecidedCount() {
    long count = 0;
    for (int i = 0; i < bounds.size(); i += 2) {
      long first = Math.max(bounds.get(i), undecided);
      count += Math.max(0, Math.min(bounds.get(i + 1), undecidedTo) - first);
    }
    return count;
  }

  /**
   * Below this number, and in front of {@code assured}, there may be some that were dropped; from
   * there on to {@code assured} there is none.
   */
  long droppedBelow(long assured) {
    long limit = Math.min(assured, undecided);
    long end = from;
    for (int i = 0; i < bounds.size() && bounds.get(i) < limit; i += 2) {
      end = Math.min(bounds.get(i + 1), limit);
    }
    return end;
  }
}
