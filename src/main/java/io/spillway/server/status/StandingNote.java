package io.spillway.server.status;

import io.spillway.bus.RoleState;
import java.util.Collection;
import java.util.List;

/** What is no fault, and should be known as long as it is so. */
final class StandingNote {
  private static final String PLAIN =
      "sends to a server that gives no acknowledgements: what that has read counts as stored";

  private StandingNote() {}

  /** What there is to know of a role; empty if nothing. */
  static String of(RoleState role) {
    boolean plain = role.role().equals("uplink") && role.counters().getOrDefault("plain", 0L) == 1;
    return plain ? PLAIN : "";
  }

  /** Of all of them, one line for each that there is something to know of. */
  static List<String> of(Collection<RoleStatus> roles) {
    return roles.stream()
        .map(RoleStatus::state)
        .filter(state -> !of(state).isEmpty())
        .map(state -> (state.role() + ' ' + state.instance()).trim() + ": " + of(state))
        .toList();
  }
}
