package io.spillway.server.status;

import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * One role as a stage of the way: what it said last, and how fast it changes. It stays as it is, so
 * that all of one picture is of the same time; {@link #heard} makes a new one.
 */
final class StageStatus {
  private static final double BACKLOG_SECONDS = 2;
  private static final long DROPS_SHOW_MS = 60_000;

  private final StageCounters shape;
  private final RoleState state;
  private final SmoothedRate in;
  private final SmoothedRate out;
  private final SmoothedRate queue;
  private final long heardMs;
  private final long progressMs;
  private final long droppedMs;

  private StageStatus(StageStatus before, RoleState fresh, long nowMs) {
    RoleState old = before.state;
    boolean progress = fresh.waiting() == 0 || old.waiting() == 0 || fresh.done() != old.done();
    shape = before.shape;
    state = fresh;
    in = before.in.at(shape.in(fresh), nowMs);
    out = before.out.at(shape.out(fresh), nowMs);
    queue = before.queue.at(shape.queued(fresh), nowMs);
    heardMs = nowMs;
    progressMs = progress ? nowMs : before.progressMs;
    droppedMs = dropped(fresh) > dropped(old) ? nowMs : before.droppedMs;
  }

  StageStatus(StageCounters shape, RoleState first, long nowMs) {
    this.shape = shape;
    state = first;
    in = SmoothedRate.of(true).at(shape.in(first), nowMs);
    out = SmoothedRate.of(true).at(shape.out(first), nowMs);
    queue = SmoothedRate.of(false).at(shape.queued(first), nowMs);
    heardMs = nowMs;
    progressMs = nowMs;
    droppedMs = Long.MIN_VALUE;
  }

  /** What a role is known by, on the bus as in a status. */
  static String key(RoleState state) {
    return state.role() + ' ' + state.instance() + ' ' + state.process();
  }

  /** It said how it is. */
  StageStatus heard(RoleState fresh, long nowMs) {
    return new StageStatus(this, fresh, nowMs);
  }

  private static long dropped(RoleState state) {
    return state.counters().getOrDefault("dropped", 0L);
  }

  RoleState state() {
    return state;
  }

  String stage() {
    return shape.stage();
  }

  long heardMs() {
    return heardMs;
  }

  long queued() {
    return shape.queued(state);
  }

  long bytes() {
    return shape.bytes() == null ? 0 : state.counters().getOrDefault(shape.bytes(), 0L);
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

  /**
   * @param silentAfterMs after so long without a word it counts as silent
   * @param stalledMs how long it may finish nothing of what it has to do
   */
  Condition condition(long nowMs, long silentAfterMs, long stalledMs) {
    if (nowMs - heardMs > silentAfterMs) {
      return Condition.SILENT;
    }
    if (!state.fault().isEmpty() || isStalled(nowMs, stalledMs)) {
      return Condition.FAILING;
    }
    boolean drops = droppedMs > Long.MIN_VALUE && nowMs - droppedMs < DROPS_SHOW_MS;
    return isBehind() || drops ? Condition.DEGRADED : Condition.OK;
  }

  boolean isStalled(long nowMs, long stalledMs) {
    return state.waiting() > 0 && nowMs - progressMs >= stalledMs;
  }

  /** What is wrong, or was; times of the clock on the wall. */
  Optional<StageFault> fault(long nowMs, long wallMs, long stalledMs) {
    if (state.fault().isEmpty() && isStalled(nowMs, stalledMs)) {
      String words =
          String.format(
              Locale.ROOT,
              "%,d waiting, none done for %d s",
              state.waiting(),
              (nowMs - progressMs) / 1_000);
      return Optional.of(StageFault.of(words, wallMs - (nowMs - progressMs), 0));
    }
    LastFault last = state.lastFault();
    String words = state.fault().isEmpty() ? last.words() : state.fault();
    if (words.isEmpty()) {
      return Optional.empty();
    }
    long saidMs = wallMs - (nowMs - heardMs);
    long untilMs = state.fault().isEmpty() ? saidMs - last.endedAgoMs() : 0;
    return Optional.of(StageFault.of(words, saidMs - last.beganAgoMs(), untilMs));
  }

  /** All but state and fault, which depend on its neighbours, too. */
  JsonObject json() {
    JsonObject queued = new JsonObject().put("records", queued());
    put(queued, "bytes", shape.bytes());
    put(queued, "bytesMax", shape.bytesMax());
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
    if (shape.in() != null) {
      json.put("inPerSecond", rounded(inPerSecond()));
    }
    put(json, "lagMs", "lagMs");
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
