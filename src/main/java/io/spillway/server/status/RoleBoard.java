package io.spillway.server.status;

import io.spillway.bus.RoleState;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last state of every role that this server hears of on the bus, and the {@link Judge} of it.
 * Roles of other processes that are silent are no concern of its health; the pipeline shows them
 * for a while.
 */
final class RoleBoard {
  private static final int MOST = 10_000;
  private static final long FORGOTTEN_AFTER_MS = 3_600_000;

  /** Without a {@link #tick} for so long the board was asleep itself. */
  private static final long ASLEEP_AFTER_MS = 3_000;

  private final TimeSource time;
  private final long stalledMs;
  private final Map<String, RoleStatus> roles = new TreeMap<>();
  private long tickedAtMs;
  private long awakeSinceMs;

  /**
   * @param stalled how long a fault or a standstill may last
   */
  RoleBoard(TimeSource time, Duration stalled) {
    this.time = time;
    this.stalledMs = stalled.toMillis();
    tickedAtMs = time.monotonicMs();
    awakeSinceMs = tickedAtMs;
  }

  /** A role said how it is. */
  void update(RoleState state) {
    long now = time.monotonicMs();
    String key = RoleStatus.key(state);
    RoleStatus known = roles.get(key);
    if (known == null && roles.size() >= MOST) {
      roles.values().removeIf(role -> isGone(role, now));
    }
    if (known != null) {
      roles.put(key, known.heard(state, now));
    } else if (roles.size() < MOST) {
      roles.put(key, new RoleStatus(state, now));
    }
  }

  /** Once a second. After a pause, as of a suspended machine, all roles have time again. */
  void tick() {
    long now = time.monotonicMs();
    if (now - tickedAtMs > ASLEEP_AFTER_MS) {
      awakeSinceMs = now;
    }
    tickedAtMs = now;
    roles.values().removeIf(role -> isGone(role, now - FORGOTTEN_AFTER_MS));
  }

  /** Judges as of now. */
  Judge judge() {
    long now = time.monotonicMs();
    long awake = now - tickedAtMs > ASLEEP_AFTER_MS ? now : awakeSinceMs;
    return new Judge(now, time.wallMs(), stalledMs, awake);
  }

  /** The judgement of all. */
  Health health() {
    Collection<RoleStatus> current = current();
    return roles.isEmpty() ? Health.ofSilence(judge()) : Health.of(current, judge());
  }

  /** All roles, also those that are silent for up to an hour, by what they are known by. */
  Map<String, RoleStatus> all() {
    return Collections.unmodifiableMap(roles);
  }

  /** Each role with its instance, its fault if it has one, its work, and its counters. */
  JsonArray roles() {
    JsonArray all = new JsonArray();
    for (RoleState state : states()) {
      JsonObject json =
          new JsonObject().put("role", state.role()).put("instance", state.instance());
      if (!state.fault().isEmpty()) {
        json.put("fault", state.fault().words());
      }
      json.put("waiting", state.waiting()).put("done", state.done());
      state.counters().forEach(json::put);
      all.add(json);
    }
    return all;
  }

  /** The last state of each role that is not gone. */
  List<RoleState> states() {
    return current().stream().map(RoleStatus::state).toList();
  }

  private Collection<RoleStatus> current() {
    long now = time.monotonicMs();
    return roles.values().stream().filter(role -> !isGone(role, now)).toList();
  }

  /** Another process's role that is not heard of any more is no concern of this server. */
  private static boolean isGone(RoleStatus role, long nowMs) {
    return !role.state().isHere() && nowMs - role.heardMs() > Judge.SILENT_AFTER_MS;
  }
}
