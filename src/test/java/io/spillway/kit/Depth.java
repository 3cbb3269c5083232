package io.spillway.kit;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How much of what can be repeated, or enumerated, this run does: all with {@code make prove}. */
public final class Depth {
  private static final boolean FULL = Boolean.getBoolean("spillway.proof");

  private Depth() {}

  public static boolean isFull() {
    return FULL;
  }

  /** As many as that in the usual suite, and so many for a proof. */
  public static int of(int usual, int full) {
    return FULL ? full : usual;
  }

  /** All of them for a proof, and else every n-th, beginning with the first. */
  public static <T> Stream<T> everyNth(int n, List<T> rows) {
    return IntStream.range(0, rows.size()).filter(row -> FULL || row % n == 0).mapToObj(rows::get);
  }
}
