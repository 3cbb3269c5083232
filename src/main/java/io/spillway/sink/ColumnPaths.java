package io.spillway.sink;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Paths of members, as a tree, so that a record is read only once for all of them. */
final class ColumnPaths {
  private static final int NONE = -1;

  private final Map<String, ColumnPaths> inner = new HashMap<>();
  private int column = NONE;

  /** Path number i leads to column i. */
  static ColumnPaths of(List<List<String>> paths) {
    ColumnPaths root = new ColumnPaths();
    for (int i = 0; i < paths.size(); i++) {
      ColumnPaths at = root;
      for (String name : paths.get(i)) {
        at = at.inner.computeIfAbsent(name, n -> new ColumnPaths());
      }
      at.column = i;
    }
    return root;
  }

  /** What is known below the member {@code name}; null if nothing is. */
  ColumnPaths at(String name) {
    return inner.get(name);
  }

  /** Whether a path ends here. */
  boolean isColumn() {
    return column != NONE;
  }

  int column() {
    return column;
  }
}
