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

  private static final long LOST_FOR_MS = 24 * 3_600_000L;
  private static final long STOPPED_FOR_MS = 3_600_000L;

  private final TimeSource time;
  private final MeterRegistry registry;
  private final Map<String, EdgeLink> links = new HashMap<>();
  private int connected;
  private long bytesNow;

  KnownEdges(TimeSource time, MeterRegistry registry) {
    this.time = time;
    this.registry = registry;
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

  /** Once a second: forgets who has been away for long. */
  void tick() {
    bytesNow = 0;
    long now = time.monotonicMs();
    links
        .values()
        .removeIf(
            link ->
                !link.isConnected()
                    && now - link.sinceMs() > (link.isStopped() ? STOPPED_FOR_MS : LOST_FOR_MS));
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
