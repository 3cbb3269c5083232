package io.spillway.server.status;

import io.spillway.bus.RoleState;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * One role: what it said last, since when it has been so, and how fast it changes. It stays as it
 * is, so that all of one picture is of the same time; {@link #heard} makes a new one.
 */
final class RoleStatus {
  private static final double BACKLOG_SECONDS = 2;
  private static final long DROPS_SHOW_MS = 60_000;

  private final StageCounters stage;
  private final RoleState state;
  private final SmoothedRate in;
  private final SmoothedRate out;
  private final SmoothedRate queue;
  private final long heardMs;
  private final long faultSinceMs;
  private final long progressMs;
  private final long droppedMs;

  private RoleStatus(RoleStatus before, RoleState fresh, long nowMs) {
    RoleState old = before.state;
    boolean progress = fresh.waiting() == 0 || old.waiting() == 0 || fresh.done() != old.done();
    stage = before.stage;
    state = fresh;
    in = before.in.at(stage.in(fresh), nowMs);
    out = before.out.at(stage.out(fresh), nowMs);
    queue = before.queue.at(stage.queued(fresh), nowMs);
    heardMs = nowMs;
    faultSinceMs = old.fault().isEmpty() ? nowMs : before.faultSinceMs;
    progressMs = progress ? nowMs : before.progressMs;
    droppedMs = dropped(fresh) > dropped(old) ? nowMs : before.droppedMs;
  }

  RoleStatus(RoleState first, long nowMs) {
    stage = StageCounters.of(first.role());
    state = first;
    in = SmoothedRate.of(true).at(stage.in(first), nowMs);
    out = SmoothedRate.of(true).at(stage.out(first), nowMs);
    queue = SmoothedRate.of(false).at(stage.queued(first), nowMs);
    heardMs = nowMs;
    faultSinceMs = nowMs;
    progressMs = nowMs;
    droppedMs = Long.MIN_VALUE;
  }

  /** What a role is known by, on the bus as in a status. */
  static String key(RoleState state) {
    return state.role() + ' ' + state.instance() + ' ' + state.process();
  }

  /** It said how it is. */
  RoleStatus heard(RoleState fresh, long nowMs) {
    return new RoleStatus(this, fresh, nowMs);
  }

  private static long dropped(RoleState state) {
    return state.counters().getOrDefault("dropped", 0L);
  }

  RoleState state() {
    return state;
  }

  String stage() {
    return stage.stage();
  }

  /** When it said something last. */
  long heardMs() {
    return heardMs;
  }

  /** Since when it has had a fault; of no meaning while it has none. */
  long faultSinceMs() {
    return faultSinceMs;
  }

  /** When it had finished something last, or had nothing to do. */
  long progressMs() {
    return progressMs;
  }

  long queued() {
    return stage.queued(state);
  }

  long bytes() {
    return stage.bytes() == null ? 0 : state.counters().getOrDefault(stage.bytes(), 0L);
  }

  double inPerSecond() {
    return Math.max(0, in.perSecond());
  }

  double outPerSecond() {
    return Math.max(0, out.perSecond());
  }

  /** Whether more waits than is normally on its way. */
  boolean isBehind() {
    return state.waiting() > 0 && queued() > BACKLOG_SECONDS * outPerSecond();
  }

  /** Seconds until nothing waits, if what waits is getting less. */
  Optional<Long> etaSeconds() {
    double drained = -queue.perSecond();
    return drained > 0.5 ? Optional.of((long) Math.ceil(queued() / drained)) : Optional.empty();
  }

  /** Whether it has dropped records within the last minute. */
  boolean drops(long nowMs) {
    return droppedMs > Long.MIN_VALUE && nowMs - droppedMs < DROPS_SHOW_MS;
  }

  /** All but state and fault, which depend on its neighbours, too. */
  JsonObject json() {
    JsonObject queued = new JsonObject().put("records", queued());
    put(queued, "bytes", stage.bytes());
    put(queued, "bytesMax", stage.bytesMax());
    JsonObject counters = new JsonObject();
    state.counters().forEach(counters::put);
    JsonObject json =
        new JsonObject()
            .put("stage", stage())
            .put("role", state.role())
            .put("name", state.instance())
            .put("here", state.isHere())
            .put("outPerSecond", rounded(outPerSecond()))
            .put("queue", queued)
            .put("behind", isBehind())
            .put("etaSeconds", isBehind() ? etaSeconds().orElse(null) : Long.valueOf(0))
            .put("counters", counters);
    if (stage.in() != null) {
      json.put("inPerSecond", rounded(inPerSecond()));
    }
    put(json, "lagMs", "lagMs");
    String note = StandingNote.of(state);
    if (!note.isEmpty()) {
      json.put("note", note);
    }
    return json;
  }

  private void put(JsonObject json, String name, String counter) {
    Long value = counter == null ? null : state.counters().get(counter);
    if (value != null) {
      json.put(name, value);
    }
  }

  static double rounded(double perSecond) {
    return Math.round(perSecond * 10) / 10.0;
  }
}
