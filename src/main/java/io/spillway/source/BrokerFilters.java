package io.spillway.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a broker is subscribed to for this client, as far as that can be known: it may come back
 * with an older state, from before a filter was given up. So on each connection to a kept session
 * the latest of those count as there again until it has said that they are not.
 */
final class BrokerFilters {
  static final int FORMER_MAX = 100;

  private final Set<String> certain;
  private final Set<String> former;

  /** Of {@link #former}, those not given up on this connection yet. */
  private final Set<String> doubtful = new LinkedHashSet<>();

  BrokerFilters(KnownFilters known) {
    certain = new LinkedHashSet<>(known.atBroker());
    former = new LinkedHashSet<>(known.former());
  }

  void connected(boolean sessionPresent) {
    doubtful.clear();
    if (sessionPresent) {
      doubtful.addAll(former);
    } else {
      remember(certain);
      certain.clear();
    }
  }

  /** Will be asked for. */
  void asked(Collection<String> filters) {
    certain.addAll(filters);
    former.removeAll(filters);
    doubtful.removeAll(filters);
  }

  /** The broker does not have these any more; returns those that it had, as far as was known. */
  List<String> gone(Collection<String> filters) {
    List<String> had = filters.stream().filter(certain::contains).toList();
    certain.removeAll(filters);
    doubtful.removeAll(filters);
    remember(filters);
    return had;
  }

  /** All that may be there. */
  List<String> possible() {
    List<String> all = new ArrayList<>(certain);
    all.addAll(doubtful);
    return all;
  }

  /** What is there, unless the broker has lost it. */
  List<String> likely() {
    return List.copyOf(certain);
  }

  KnownFilters known() {
    return new KnownFilters(certain, List.copyOf(former));
  }

  private void remember(Collection<String> filters) {
    former.removeAll(filters);
    former.addAll(filters);
    List<String> all = List.copyOf(former);
    all.subList(0, Math.max(0, all.size() - FORMER_MAX)).forEach(former::remove);
  }
}
