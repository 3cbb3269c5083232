package io.spillway.server.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.server.part.EdgeObserver;
import io.spillway.server.status.EdgeLink.Outcome;
import io.spillway.time.TimeSource;
import io.spillway.wire.Wire;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The edges that are connected, and for a while those that were. Of more than {@value #MOST} those
 * go first that have been away for longest; an edge for which there is no room is served like any
 * other, and not shown.
 */
final class KnownEdges implements EdgeObserver {
  static final int MOST = 20_000;

  /** How often an edge says how it is, unless there are very many. */
  private static final int EVERY_MS = 2_000;

  /** By so much longer for each edge that is connected. */
  private static final int MORE_MS = 2;

  /** Of all statuses in one second; what comes beyond is not looked at. */
  static final int BYTES_PER_SECOND = 4 << 20;

  private static final int NOTICES_MOST = 10;

  /** Longer than anybody is on holiday: that nothing is heard must not come to look well. */
  private static final long LOST_FOR_MS = 30 * 24 * 3_600_000L;

  private static final long STOPPED_FOR_MS = 7 * 24 * 3_600_000L;

  /** So long after a start edges may be on their way back. */
  private static final long YOUNG_FOR_MS = 60_000;

  private final TimeSource time;
  private final MeterRegistry registry;
  private final Map<String, EdgeLink> links = new HashMap<>();
  private final long startedMs;
  private long tickedMs;
  private int connected;
  private long bytesNow;

  KnownEdges(TimeSource time, MeterRegistry registry) {
    this.time = time;
    this.registry = registry;
    startedMs = time.monotonicMs();
    tickedMs = startedMs;
  }

  /** Those that were known before this server was started. */
  void restore(List<EdgeMemory.Known> known) {
    for (EdgeMemory.Known one : known) {
      String key = one.edge() + '.' + one.epoch();
      if (links.size() < MOST && !links.containsKey(key)) {
        EdgeLink link = new EdgeLink(one.edge(), one.epoch(), this, time);
        link.remember(one);
        links.put(key, link);
      }
    }
  }

  /** What is to be known after a restart. */
  List<EdgeMemory.Known> known() {
    return links.values().stream().map(EdgeLink::known).toList();
  }

  /** Whether this server was started a moment ago. */
  boolean isYoung() {
    return time.monotonicMs() - startedMs < YOUNG_FOR_MS;
  }

  @Override
  public EdgeLink connected(String edge, String epoch) {
    String key = edge + '.' + epoch;
    EdgeLink link = links.get(key);
    if (link == null) {
      link = new EdgeLink(edge, epoch, this, time);
      if (links.size() < MOST || makeRoom()) {
        links.put(key, link);
      }
    }
    connected += link.isConnected() ? 0 : 1;
    link.connected(Math.max(EVERY_MS, connected * MORE_MS));
    return link;
  }

  /** The connection of one ended. */
  void left(EdgeLink link) {
    connected -= link.isConnected() ? 1 : 0;
  }

  /** Whether there is time to look at one more status. */
  boolean hasRoom() {
    return bytesNow < BYTES_PER_SECOND;
  }

  /** What became of a status. */
  void status(byte[] text, Outcome outcome) {
    boolean read = outcome == Outcome.TAKEN || outcome == Outcome.BAD;
    bytesNow += read ? Math.min(text.length, Wire.STATUS_BYTES_MAX) : 0;
    registry
        .counter("spillway.ingest.status", "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** Once a second: forgets who has been away for long, or has come back with another epoch. */
  void tick() {
    bytesNow = 0;
    long now = time.monotonicMs();
    links.values().forEach(link -> link.passed(now - tickedMs));
    tickedMs = now;
    Map<String, Long> cameMs = new HashMap<>();
    links.values().stream()
        .filter(EdgeLink::isConnected)
        .forEach(link -> cameMs.merge(link.edge, link.sinceMs(), Math::max));
    links
        .values()
        .removeIf(link -> !link.isConnected() && (link.isOver() || isReplaced(link, cameMs)));
  }

  private static boolean isReplaced(EdgeLink link, Map<String, Long> cameMs) {
    return cameMs.getOrDefault(link.edge, Long.MIN_VALUE) >= link.sinceMs();
  }

  /** How long one that is away is shown. */
  static long keptForMs(boolean stopped) {
    return stopped ? STOPPED_FOR_MS : LOST_FOR_MS;
  }

  /** How many may still come back after a restart of this server. */
  int awaited() {
    return (int) links.values().stream().filter(EdgeLink::isAwaited).count();
  }

  /** How many seem to be connected, and have gone without a word. */
  int silent(Judge judge) {
    return (int) links.values().stream().filter(link -> link.isSilent(judge)).count();
  }

  /** How many are gone that have not said goodbye. */
  int gone(Judge judge) {
    return (int) links.values().stream().filter(link -> link.isLost(judge)).count();
  }

  /** Which of them, in words, with the age of what is known; the last to go first. */
  List<String> goneInWords(Judge judge) {
    return links.values().stream()
        .filter(link -> link.isLost(judge))
        .sorted(Comparator.comparingLong(EdgeLink::heardMs).reversed())
        .limit(NOTICES_MOST)
        .map(link -> link.goneInWords(judge.nowMs()))
        .toList();
  }

  /** What roles of edges that are connected say has to be looked at, although they work. */
  List<String> notices() {
    return links.values().stream()
        .filter(EdgeLink::isConnected)
        .flatMap(link -> link.roles().values().stream())
        .map(RoleStatus::state)
        .filter(state -> !state.fault().isEmpty() && state.fault().kind().isNotice())
        .map(Health::line)
        .distinct()
        .limit(NOTICES_MOST)
        .toList();
  }

  Collection<EdgeLink> links() {
    return links.values();
  }

  private boolean makeRoom() {
    Optional<EdgeLink> gone =
        links.values().stream()
            .filter(link -> !link.isConnected())
            .min(Comparator.comparingLong(EdgeLink::sinceMs));
    gone.ifPresent(link -> links.remove(link.edge + '.' + link.epoch));
    return gone.isPresent();
  }
}
