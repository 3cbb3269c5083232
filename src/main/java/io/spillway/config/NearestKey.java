package io.spillway.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the key somebody probably meant. */
final class NearestKey {
  private static final Pattern LIKE_A_KEY = Pattern.compile("[A-Za-z0-9_$.-]{1,40}");

  private NearestKey() {}

  /**
   * An unknown key as a message may show it; what does not look like one may be a secret in the
   * wrong place.
   *
   * @param nearOnly whether to show only what is near a known one
   */
  static String shown(String typed, Collection<String> known, boolean nearOnly) {
    boolean near = !nearOnly || of(typed, known).isPresent();
    return near && LIKE_A_KEY.matcher(typed).matches() ? typed : "***";
  }

  /** What to do about an unknown key. */
  static String hint(String typed, Collection<String> known) {
    return of(typed, known)
        .map(nearest -> "did you mean " + nearest + "?")
        .orElse("known: " + String.join(", ", known));
  }

  /** The known key with the fewest edits to the typed one, if it is near enough to be a typo. */
  static Optional<String> of(String typed, Collection<String> known) {
    String nearest = null;
    int fewest = Math.max(2, typed.length() / 3) + 1;
    for (String key : known) {
      int edits = edits(typed.toLowerCase(Locale.ROOT), key.toLowerCase(Locale.ROOT));
      if (edits < fewest) {
        fewest = edits;
        nearest = key;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Levenshtein distance, row by row. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
