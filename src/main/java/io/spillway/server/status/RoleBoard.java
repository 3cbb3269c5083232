package io.spillway.server.status;

import io.spillway.bus.RoleState;
import io.spillway.server.status.WatchedRole.Finding;
import io.spillway.server.status.WatchedRole.Level;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The last state of every role that this server hears of, and a judgement of it by progress, not by
 * what is connected: a role fails that has work and has finished none for a while, that says itself
 * for as long what does not work, or that runs in this process and is not heard of any more, as
 * when its event loop is stuck. Roles of other processes that are silent fall off.
 */
final class RoleBoard {
  private static final int MOST = 10_000;

  /** Without a {@link #tick} for so long the board was asleep itself. */
  private static final long ASLEEP_AFTER_MS = 3_000;

  private final LongSupplier nowMs;
  private final long stalledMs;
  private final Map<String, WatchedRole> roles = new TreeMap<>();
  private long tickedAtMs;
  private long awakeSinceMs;

  /**
   * @param nowMs milliseconds of a clock that nobody sets
   * @param stalled how long a fault or a standstill may last
   */
  RoleBoard(LongSupplier nowMs, Duration stalled) {
    this.nowMs = nowMs;
    this.stalledMs = stalled.toMillis();
    tickedAtMs = nowMs.getAsLong();
    awakeSinceMs = tickedAtMs;
  }

  /**
   * How all of it is.
   *
   * @param faults what does not work, in words, one line for each role
   */
  record Health(Level level, List<String> faults) {
    /** {@code ok}, {@code degraded} or {@code failing}. */
    String status() {
      return level.name().toLowerCase(Locale.ROOT);
    }

    boolean isOk() {
      return level == Level.OK;
    }

    boolean isFailing() {
      return level == Level.FAILING;
    }
  }

  /** A role said how it is. */
  void update(RoleState state) {
    String key = state.role() + ' ' + state.instance() + ' ' + state.process();
    WatchedRole known = roles.get(key);
    if (known != null) {
      known.heard(state, nowMs.getAsLong());
    } else if (roles.size() < MOST) {
      roles.put(key, new WatchedRole(state, nowMs.getAsLong()));
    }
  }

  /** Once a second. After a pause, as of a suspended machine, all roles have time again. */
  void tick() {
    long now = nowMs.getAsLong();
    if (now - tickedAtMs > ASLEEP_AFTER_MS) {
      awakeSinceMs = now;
    }
    tickedAtMs = now;
    roles.values().removeIf(role -> role.isGone(now));
  }

  /** The judgement. */
  Health health() {
    long now = nowMs.getAsLong();
    long awake = now - tickedAtMs > ASLEEP_AFTER_MS ? now : awakeSinceMs;
    Level worst = Level.OK;
    List<String> faults = new ArrayList<>();
    for (WatchedRole role : current()) {
      Finding finding = role.judge(now, stalledMs, awake);
      if (finding.level() != Level.OK) {
        faults.add(finding.words());
        worst = finding.level().compareTo(worst) > 0 ? finding.level() : worst;
      }
    }
    return new Health(worst, faults);
  }

  /** Each role with its instance, its fault if it has one, its work, and its counters. */
  JsonArray roles() {
    JsonArray all = new JsonArray();
    for (WatchedRole role : current()) {
      RoleState state = role.state();
      JsonObject json =
          new JsonObject().put("role", state.role()).put("instance", state.instance());
      if (!state.fault().isEmpty()) {
        json.put("fault", state.fault());
      }
      json.put("waiting", state.waiting()).put("done", state.done());
      state.counters().forEach(json::put);
      all.add(json);
    }
    return all;
  }

  /** The last state of each role. */
  List<RoleState> states() {
    return current().stream().map(WatchedRole::state).toList();
  }

  private Collection<WatchedRole> current() {
    long now = nowMs.getAsLong();
    return roles.values().stream().filter(role -> !role.isGone(now)).toList();
  }
}
