package io.spillway.server.status;

import io.spillway.bus.RoleState;
import java.util.Locale;

/**
 * One role as the board sees it: what it said last, and since when it has had a fault or has made
 * no progress. Times are milliseconds of a clock that nobody sets.
 */
final class WatchedRole {
  /** A role that is there says how it is once a second. */
  static final long SILENT_AFTER_MS = 10_000;

  /** How a role is; ordered from well to not. */
  enum Level {
    OK,
    DEGRADED,
    FAILING
  }

  /**
   * @param words what is wrong; empty if nothing is
   */
  record Finding(Level level, String words) {
    static final Finding FINE = new Finding(Level.OK, "");
  }

  private RoleState state;
  private long heardAtMs;
  private long faultSinceMs;
  private long progressAtMs;

  WatchedRole(RoleState first, long nowMs) {
    state = first;
    heardAtMs = nowMs;
    faultSinceMs = nowMs;
    progressAtMs = nowMs;
  }

  RoleState state() {
    return state;
  }

  /** It said how it is. */
  void heard(RoleState fresh, long nowMs) {
    if (state.fault().isEmpty()) {
      faultSinceMs = nowMs;
    }
    if (fresh.waiting() == 0 || state.waiting() == 0 || fresh.done() != state.done()) {
      progressAtMs = nowMs;
    }
    state = fresh;
    heardAtMs = nowMs;
  }

  /** Another process's role that is not heard of any more is no concern of this server. */
  boolean isGone(long nowMs) {
    return !state.isHere() && nowMs - heardAtMs > SILENT_AFTER_MS;
  }

  /**
   * @param stalledMs how long a fault or a standstill may last
   * @param awakeSinceMs since when the board has been looking without a break: what was not heard
   *     before does not count
   */
  Finding judge(long nowMs, long stalledMs, long awakeSinceMs) {
    long silentMs = nowMs - Math.max(heardAtMs, awakeSinceMs);
    if (silentMs > Math.max(stalledMs, SILENT_AFTER_MS)) {
      return failing("silent for " + silentMs / 1_000 + " s");
    }
    if (!state.fault().isEmpty()) {
      long lastsMs = nowMs - Math.max(faultSinceMs, awakeSinceMs);
      return lastsMs >= stalledMs
          ? failing(state.fault())
          : new Finding(Level.DEGRADED, named(state.fault()));
    }
    long stillMs = nowMs - Math.max(progressAtMs, awakeSinceMs);
    if (state.waiting() > 0 && stillMs >= stalledMs) {
      return failing(
          String.format(
              Locale.ROOT, "%,d waiting, none done for %d s", state.waiting(), stillMs / 1_000));
    }
    return Finding.FINE;
  }

  private Finding failing(String words) {
    return new Finding(Level.FAILING, named(words));
  }

  private String named(String words) {
    return (state.role() + ' ' + state.instance()).trim() + ": " + words;
  }
}
