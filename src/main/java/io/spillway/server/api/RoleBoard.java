package io.spillway.server.api;

import io.spillway.bus.RoleState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The last state of every role that this server hears of. Silent ones fall off. */
public final class RoleBoard {
  static final long SILENT_AFTER_MS = 10_000;
  private static final int MOST = 10_000;

  private record Entry(RoleState state, long atMs) {}

  private final LongSupplier nowMs;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  public RoleBoard(LongSupplier nowMs) {
    this.nowMs = nowMs;
  }

  /** A role said how it is. */
  public void update(RoleState state) {
    String key = state.role() + ' ' + state.instance();
    if (entries.size() < MOST || entries.containsKey(key)) {
      entries.put(key, new Entry(state, nowMs.getAsLong()));
    }
  }

  /** Each role with its instance, its fault if it has one, and its counters. */
  JsonArray roles() {
    JsonArray roles = new JsonArray();
    current()
        .forEach(
            (key, state) -> {
              JsonObject role =
                  new JsonObject().put("role", state.role()).put("instance", state.instance());
              if (!state.fault().isEmpty()) {
                role.put("fault", state.fault());
              }
              state.counters().forEach(role::put);
              roles.add(role);
            });
    return roles;
  }

  /** What does not work, in words. */
  JsonArray faults() {
    JsonArray faults = new JsonArray();
    current()
        .values()
        .forEach(
            state -> {
              if (!state.fault().isEmpty()) {
                faults.add(state.role() + " " + state.instance() + ": " + state.fault());
              }
            });
    return faults;
  }

  private Map<String, RoleState> current() {
    long oldest = nowMs.getAsLong() - SILENT_AFTER_MS;
    entries.values().removeIf(entry -> entry.atMs() < oldest);
    Map<String, RoleState> states = new TreeMap<>();
    entries.forEach((key, entry) -> states.put(key, entry.state()));
    return states;
  }
}
