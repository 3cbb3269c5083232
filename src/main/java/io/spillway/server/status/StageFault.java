package io.spillway.server.status;

import io.spillway.bus.FaultKind;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.message.Timestamps;
import io.spillway.server.status.Judge.Ailment;
import io.spillway.server.status.Judge.Finding;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
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
      return Optional.of(of(finding.words(state), judge.wallMs() - finding.forMs(), 0));
    }
    LastFault last = state.lastFault();
    String words = state.fault().isEmpty() ? last.words() : state.fault();
    if (words.isEmpty()) {
      return Optional.empty();
    }
    long saidMs = judge.wallMsOf(role.heardMs());
    long untilMs = state.fault().isEmpty() ? saidMs - last.endedAgoMs() : 0;
    return Optional.of(of(words, saidMs - last.beganAgoMs(), untilMs));
  }

  /** Takes the words of a role apart: behind the first semicolon they say what to do. */
  static StageFault of(String words, long sinceMs, long untilMs) {
    int at = words.indexOf("; ");
    String reason = at < 0 ? words : words.substring(0, at);
    FaultKind kind = FaultKind.of(reason);
    String cure = at < 0 ? "" : words.substring(at + 2).trim();
    kind = kind == FaultKind.OTHER ? FaultKind.of(words) : kind;
    return new StageFault(kind, reason, cure.isEmpty() ? kind.cure() : cure, sinceMs, untilMs);
  }

  JsonObject json() {
    return new JsonObject()
        .put("kind", kind.name().toLowerCase(Locale.ROOT))
        .put("reason", reason)
        .put("cure", cure)
        .put("since", Timestamps.format(sinceMs))
        .put("until", untilMs == 0 ? null : Timestamps.format(untilMs));
  }
}
