package io.spillway.iaq;

import io.spillway.message.Timestamps;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says when a sensor appears, is stale, and is back. */
final class Modules {
  private final int factor;
  private final long leastMs;

  /**
   * @param factor usual intervals without a measurement after which a sensor is stale
   * @param leastMs shortest time for that
   */
  Modules(int factor, long leastMs) {
    this.factor = factor;
    this.leastMs = leastMs;
  }

  static String newId(long offset) {
    return Derived.id(offset, "module.new");
  }

  static String backId(long offset) {
    return Derived.id(offset, "module.back");
  }

  /** By the last measurement there was. */
  static String staleId(long offset) {
    return Derived.id(offset, "module.stale");
  }

  /** Whether it is silent for too long, and that has not been said. */
  boolean isNowStale(Presence presence, long nowMs) {
    return !presence.isStale() && presence.silentMs(nowMs) > presence.allowedMs(factor, leastMs);
  }

  /** The record of a change, at {@code atMs}. */
  Map<String, Object> record(String state, Presence presence, long atMs, long lastMs) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "module");
    members.put("timestamp", Timestamps.format(atMs));
    members.put("state", state);
    members.put("last_seen", Timestamps.format(lastMs));
    if (presence.usualMs() > 0) {
      members.put("interval_ms", presence.usualMs());
    }
    members.put("stale_after_ms", presence.allowedMs(factor, leastMs));
    return members;
  }
}
