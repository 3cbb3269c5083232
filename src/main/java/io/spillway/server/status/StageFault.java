package io.spillway.server.status;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.message.Timestamps;
import io.spillway.server.status.Judge.Ailment;
import io.spillway.server.status.Judge.Finding;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What is or was wrong with a stage.
 *
 * @param kind of what sort, as {@code refused}; a page has words for it in other languages
 * @param reason in words
 * @param cure what to do about it
 * @param sinceMs milliseconds since 1970
 * @param untilMs 0 while it lasts
 */
record StageFault(FaultKind kind, String reason, String cure, long sinceMs, long untilMs) {
  /** What is wrong with a role, or was; empty if nothing ever was. */
  static Optional<StageFault> of(RoleStatus role, Finding finding, Judge judge) {
    RoleState state = role.state();
    if (finding.ailment() == Ailment.STALLED) {
      Fault stalled = new Fault(FaultKind.STALLED, finding.words(state));
      return Optional.of(of(stalled, judge.wallMs() - finding.forMs(), 0));
    }
    LastFault last = state.lastFault();
    Fault fault = state.fault().or(last.fault());
    if (fault.isEmpty()) {
      return Optional.empty();
    }
    long saidMs = judge.wallMsOf(role.heardMs());
    long untilMs = state.fault().isEmpty() ? saidMs - last.endedAgoMs() : 0;
    return Optional.of(of(fault, saidMs - last.beganAgoMs(), untilMs));
  }

  /** Takes the words apart: behind the first semicolon they say what to do. */
  static StageFault of(Fault fault, long sinceMs, long untilMs) {
    return new StageFault(fault.kind(), fault.trouble(), fault.cure(), sinceMs, untilMs);
  }

  JsonObject json() {
    return new JsonObject()
        .put("kind", kind.text())
        .put("reason", reason)
        .put("cure", cure)
        .put("since", Timestamps.format(sinceMs))
        .put("until", untilMs == 0 ? null : Timestamps.format(untilMs));
  }
}
