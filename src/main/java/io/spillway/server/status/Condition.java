package io.spillway.server.status;

import java.util.Locale;

/** How a stage, an edge or the whole is; ordered from well to not. */
enum Condition {
  OK,
  /** Nobody has said yet. */
  UNKNOWN,
  /** Was heard of, and is not any more. */
  SILENT,
  /** Works, and is behind, or drops what a policy says. */
  DEGRADED,
  /** Does not work. */
  FAILING;

  Condition orWorse(Condition other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As the API calls it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
