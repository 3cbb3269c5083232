package io.spillway.uplink;

import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.wire.WireMessage.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server that asks for it is told of this edge: the last state of each of its roles. While
 * nothing changes, only every so often: the link may be paid by the byte.
 */
final class StatusReport {
  /** While nothing changes only every so manieth report is due. */
  static final int QUIET_TURNS = 5;

  /** More often no server gets one, whatever it asks for. */
  static final long LEAST_MS = 500;

  private static final Set<String> EDGE = Set.of("source", "batcher", "uplink");
  private static final int MOST = 16;
  private static final long SILENT_AFTER_MS = 10_000;

  private record Heard(RoleState state, long atMs) {}

  private final Map<String, Heard> roles = new TreeMap<>();
  private List<RoleState> told = List.of();
  private int quietTurns;

  /** A role said how it is; only those of an edge count. */
  void heard(RoleState state, long nowMs) {
    String key = state.role() + ' ' + state.instance() + ' ' + state.process();
    boolean room = roles.size() < MOST || roles.containsKey(key);
    if (EDGE.contains(state.role()) && room) {
      roles.put(key, new Heard(state, nowMs));
    }
  }

  /** Forgets what was told: the next report goes to somebody else. */
  void begin() {
    told = List.of();
    quietTurns = 0;
  }

  /** What is to be told in this turn; null: nothing. */
  Status turn(long nowMs) {
    roles.values().removeIf(heard -> nowMs - heard.atMs() > SILENT_AFTER_MS);
    List<RoleState> now = new ArrayList<>();
    roles.values().forEach(heard -> now.add(heard.state()));
    now.sort(Comparator.comparing(state -> !state.isHere()));
    List<RoleState> ageless = now.stream().map(s -> s.remembering(LastFault.NONE)).toList();
    if (now.isEmpty() || (ageless.equals(told) && ++quietTurns < QUIET_TURNS)) {
      return null;
    }
    told = ageless;
    quietTurns = 0;
    return new Status(now);
  }
}
