package io.spillway.source;

import java.util.List;
import java.util.Set;

/**
 * What is remembered of a broker's subscriptions for this client.
 *
 * @param atBroker filters that it may be subscribed to
 * @param former filters that it has given up, or forgotten with the session, the latest last; it
 *     has them again when it comes back with an older state
 */
record KnownFilters(Set<String> atBroker, List<String> former) {
  static final KnownFilters NONE = new KnownFilters(Set.of(), List.of());

  KnownFilters {
    atBroker = Set.copyOf(atBroker);
    former = List.copyOf(former);
  }
}
