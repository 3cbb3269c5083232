package io.spillway.server.status;

import io.spillway.bus.Fault;
import io.spillway.bus.RoleState;
import io.spillway.message.Timestamps;
import java.util.Locale;

/**
 * Says whether a role is well, from what it says of itself, at one moment. It goes by progress, not
 * by what is connected: a role is ill that has work and has finished none for a while, that says
 * itself what does not work, or that is not heard of any more, as when its event loop is stuck.
 * Whoever tells how something is asks here, so that no two answers contradict each other.
 *
 * @param nowMs of the monotonic clock
 * @param wallMs since 1970, at the same moment
 * @param stalledMs how long a fault or a standstill may last
 * @param awakeSinceMs since when the server has been looking without a break: what it could not
 *     hear before, as on a suspended machine, counts against nobody
 */
record Judge(long nowMs, long wallMs, long stalledMs, long awakeSinceMs) {
  /** A role that is there says how it is once a second. */
  static final long SILENT_AFTER_MS = 10_000;

  /** What may be wrong with a role. */
  enum Ailment {
    NONE,
    /** It works, and says what has to be looked at. */
    NOTICE,
    /** It says itself what does not work. */
    FAULT,
    /** It has work and has finished none of it for {@link #stalledMs}. */
    STALLED,
    /** It is not heard of any more. */
    SILENT
  }

  /**
   * What is found.
   *
   * @param forMs how long already
   * @param lasts whether this is longer than a fault may last
   */
  record Finding(Ailment ailment, long forMs, boolean lasts) {
    private static final Finding WELL = new Finding(Ailment.NONE, 0, false);

    /** What is wrong, in words; empty if nothing is. */
    String words(RoleState role) {
      return switch (ailment) {
        case NONE -> "";
        case NOTICE, FAULT -> role.fault().words();
        case STALLED ->
            String.format(
                Locale.ROOT, "%,d waiting, none done for %d s", role.waiting(), forMs / 1_000);
        case SILENT -> "silent for " + forMs / 1_000 + " s";
      };
    }
  }

  /**
   * Looks at a role.
   *
   * @param silentAfterMs after so long without a word it counts as silent
   */
  Finding look(RoleStatus role, long silentAfterMs) {
    long silentMs = since(role.heardMs());
    if (silentMs > silentAfterMs) {
      return new Finding(Ailment.SILENT, silentMs, silentMs > stalledMs);
    }
    Fault fault = role.state().fault();
    long lastsMs = since(role.faultSinceMs());
    boolean notice = fault.kind().isNotice();
    if (!fault.isEmpty() && !notice) {
      return new Finding(Ailment.FAULT, lastsMs, lastsMs >= stalledMs);
    }
    long stillMs = since(role.progressMs());
    if (role.state().waiting() > 0 && stillMs >= stalledMs) {
      return new Finding(Ailment.STALLED, stillMs, true);
    }
    return fault.isEmpty() ? Finding.WELL : new Finding(Ailment.NOTICE, lastsMs, false);
  }

  /** How a role is as a stage of the way: a fault counts at once. */
  Condition condition(RoleStatus role, Finding finding) {
    return switch (finding.ailment()) {
      case SILENT -> Condition.SILENT;
      case FAULT, STALLED -> Condition.FAILING;
      case NOTICE -> Condition.DEGRADED;
      case NONE -> role.isBehind() || role.drops(nowMs) ? Condition.DEGRADED : Condition.OK;
    };
  }

  /** How a role is for the health of the whole: a fault counts when it lasts. */
  static Health.Level level(Finding finding) {
    return switch (finding.ailment()) {
      case NONE -> Health.Level.OK;
      case NOTICE -> Health.Level.DEGRADED;
      case FAULT -> finding.lasts() ? Health.Level.FAILING : Health.Level.DEGRADED;
      case STALLED, SILENT -> Health.Level.FAILING;
    };
  }

  /** How long ago that was, but for what the server was asleep. */
  long since(long ms) {
    return nowMs - Math.max(ms, awakeSinceMs);
  }

  /** That moment on the wall clock, as of now; milliseconds since 1970. */
  long wallMsOf(long ms) {
    return wallMs - (nowMs - ms);
  }

  /** That moment on the wall clock, as text. */
  String at(long ms) {
    return Timestamps.format(wallMsOf(ms));
  }
}
