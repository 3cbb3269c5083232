package io.spillway.rabbit;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The ids of the records stored last, of one queue: what a redelivered message is recognised by.
 */
final class StoredIds {
  /** Ten times what may be unacknowledged at the most. */
  static final int MOST = 100_000;

  private final int most;
  private final Set<String> ids = new LinkedHashSet<>();

  StoredIds() {
    this(MOST);
  }

  StoredIds(int most) {
    this.most = most;
  }

  /** Remembers an id, and forgets the oldest if there are too many. */
  void add(String id) {
    if (ids.add(id) && ids.size() > most) {
      Iterator<String> oldest = ids.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  void addAll(Collection<String> more) {
    more.forEach(this::add);
  }

  boolean contains(String id) {
    return ids.contains(id);
  }

  int size() {
    return ids.size();
  }
}
