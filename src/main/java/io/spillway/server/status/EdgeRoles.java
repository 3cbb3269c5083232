package io.spillway.server.status;

import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import java.util.Map;
import java.util.TreeMap;

/** What one edge told of its roles; what is kept of it has a bound, whatever it tells. */
final class EdgeRoles {
  static final int ROLES_MAX = 8;

  /** An edge of three roles tells a third of it, with long words about a fault. */
  static final int BYTES_MAX = 16_384;

  private static final int BYTES_OF_ROLE = 400;
  private static final int BYTES_OF_COUNTER = 100;

  private final Map<String, RoleStatus> byKey = new TreeMap<>();

  /**
   * A role said how it is.
   *
   * @param apartMs what is told of one role after so long is of another process of it
   */
  void heard(RoleState role, long nowMs, long apartMs) {
    if (!EdgeStatus.isOfEdge(role)) {
      return;
    }
    String key = RoleStatus.key(role);
    RoleStatus known = byKey.get(key);
    if (known == null) {
      byKey.values().removeIf(old -> replaces(role, old, nowMs - apartMs));
    }
    if (!hasRoom(key, role)) {
      byKey.remove(key);
    } else {
      byKey.put(key, known == null ? new RoleStatus(role, nowMs) : known.heard(role, nowMs));
    }
  }

  /** After a restart the same role has another process. */
  private static boolean replaces(RoleState fresh, RoleStatus old, long heardBeforeMs) {
    return old.state().role().equals(fresh.role()) && old.heardMs() < heardBeforeMs;
  }

  private boolean hasRoom(String key, RoleState role) {
    int roles = 1;
    int bytes = bytes(role);
    for (Map.Entry<String, RoleStatus> other : byKey.entrySet()) {
      if (!other.getKey().equals(key)) {
        roles++;
        bytes += bytes(other.getValue().state());
      }
    }
    return roles <= ROLES_MAX && bytes <= BYTES_MAX;
  }

  /** About how much memory it takes. */
  private static int bytes(RoleState role) {
    LastFault last = role.lastFault();
    int chars = role.instance().length() * 2 + role.process().length() * 2; // also in the key
    chars += role.fault().words().length() + last.fault().words().length();
    return BYTES_OF_ROLE + 2 * chars + BYTES_OF_COUNTER * role.counters().size();
  }

  Map<String, RoleStatus> all() {
    return byKey;
  }
}
