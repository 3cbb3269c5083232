package io.spillway.server.status;

import io.spillway.bus.RoleState;
import io.spillway.server.status.Judge.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * How all of the server is: as bad as its worst role.
 *
 * @param faults what does not work, in words, one line for each role
 */
record Health(Level level, List<String> faults) {
  /** Ordered from well to not. */
  enum Level {
    OK,
    DEGRADED,
    FAILING
  }

  static Health of(Collection<RoleStatus> roles, Judge judge) {
    long silentAfterMs = Math.max(judge.stalledMs(), Judge.SILENT_AFTER_MS);
    Level worst = Level.OK;
    List<String> faults = new ArrayList<>();
    for (RoleStatus role : roles) {
      Finding finding = judge.look(role, silentAfterMs);
      Level level = Judge.level(finding);
      if (level != Level.OK) {
        RoleState state = role.state();
        String name = (state.role() + ' ' + state.instance()).trim();
        faults.add(name + ": " + finding.words(state));
        worst = level.compareTo(worst) > 0 ? level : worst;
      }
    }
    return new Health(worst, faults);
  }

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
