package io.spillway.server.status;

import io.spillway.bus.RoleState;
import io.spillway.server.status.Judge.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How all of the server is: as bad as its worst role.
 *
 * @param faults what does not work, in words, one line for each role
 */
record Health(Level level, List<String> faults) {
  static final String SILENCE = "no role of this process has ever said how it is";

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
        faults.add(line(role.state(), finding.words(role.state())));
        worst = level.compareTo(worst) > 0 ? level : worst;
      }
    }
    return new Health(worst, faults);
  }

  /** No role was ever heard of, which is nothing good once they had time to say something. */
  static Health ofSilence(Judge judge) {
    boolean early = judge.since(Long.MIN_VALUE) <= Judge.SILENT_AFTER_MS;
    return early ? new Health(Level.OK, List.of()) : new Health(Level.FAILING, List.of(SILENCE));
  }

  /** A role and its fault. */
  static String line(RoleState state) {
    return line(state, state.fault().words());
  }

  private static String line(RoleState state, String words) {
    return (state.role() + ' ' + state.instance()).trim() + ": " + words;
  }

  /** The same with what edges elsewhere say; each is said once. */
  Health with(List<String> notices) {
    List<String> all = Stream.concat(faults.stream(), notices.stream()).distinct().toList();
    return new Health(level == Level.OK && !all.isEmpty() ? Level.DEGRADED : level, all);
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
