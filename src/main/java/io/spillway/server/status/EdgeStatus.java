package io.spillway.server.status;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.RoleState;
import io.spillway.server.status.Judge.Ailment;
import io.spillway.server.status.Judge.Finding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One edge in the picture: its stages from the broker to this server. */
final class EdgeStatus {
  private static final List<String> STAGES = List.of("source", "spool", "uplink");

  private final String edge;
  private final EdgeLink link;
  private final boolean connected;
  private final boolean stopped;
  private final Judge judge;
  private final List<RoleStatus> roles = new ArrayList<>();
  private boolean onBus;
  private RoleStatus spool;
  private long queued;
  private long bytes;

  /** A stage with its condition, which depends on its neighbours; its fault is rarely shown. */
  private record Seen(
      String stage, RoleStatus role, Condition condition, Supplier<StageFault> fault) {}

  private List<Seen> seen;
  private Condition worst;

  /**
   * @param link null if it was only heard of on the bus
   */
  EdgeStatus(String edge, EdgeLink link, Judge judge) {
    this.edge = edge;
    this.link = link;
    connected = link != null && link.isConnected();
    stopped = link != null && link.isStopped();
    this.judge = judge;
  }

  static boolean isOfEdge(RoleState state) {
    return STAGES.contains(StageCounters.of(state.role()).stage());
  }

  void add(RoleStatus role, boolean fromBus) {
    roles.add(role);
    onBus |= fromBus;
    if (role.stage().equals("spool")) {
      spool = spool == null ? role : spool;
      queued += role.queued();
      bytes += role.bytes();
    }
  }

  /** Whether all that is known of it came over its WebSocket. */
  boolean isRemote() {
    return link != null && !roles.isEmpty() && !onBus;
  }

  String edge() {
    return edge;
  }

  Condition condition() {
    if (worst == null) {
      worst = Condition.OK;
      look().forEach(one -> worst = worst.orWorse(one.condition()));
    }
    return worst;
  }

  long queued() {
    return queued;
  }

  long bytes() {
    return bytes;
  }

  /** What comes now: of what was a while ago nothing follows for it. */
  double inPerSecond() {
    return roles.stream()
        .filter(role -> role.stage().equals("source") && !isStale(role))
        .mapToDouble(RoleStatus::inPerSecond)
        .sum();
  }

  /** Whether what a role has said last is no news any more. */
  private boolean isStale(RoleStatus role) {
    return isAway() || judge.look(role, silentAfterMs()).ailment() == Ailment.SILENT;
  }

  private long silentAfterMs() {
    return onBus ? Judge.SILENT_AFTER_MS : link.silentAfterMs();
  }

  /** Whether nothing is heard of it any more. */
  boolean isGone() {
    boolean all = !roles.isEmpty() && roles.stream().allMatch(this::isStale);
    return link == null ? all : isAway() && !link.isAwaited();
  }

  /** Records that wait there, of which nobody knows how many are left. */
  boolean hasStaleQueue() {
    return link != null && isAway() && link.waiting() > 0;
  }

  /** When the newest was told of what is known of it; {@link Long#MIN_VALUE} if nothing is. */
  private long figuresMs() {
    long told = roles.stream().mapToLong(RoleStatus::heardMs).max().orElse(Long.MIN_VALUE);
    return link == null ? told : Math.max(told, link.figuresMs());
  }

  Optional<RoleStatus> spool() {
    return Optional.ofNullable(spool);
  }

  Balance balance() {
    return spool == null ? null : Balance.of(spool.state().counters());
  }

  /** Whether records are missing that nothing accounts for, or are too many. */
  boolean isUnbalanced() {
    Balance balance = balance();
    return balance != null && balance.difference() != 0;
  }

  private List<Seen> look() {
    if (seen == null) {
      boolean linkDown = isAway();
      for (RoleStatus role : roles) {
        linkDown |= isBrokenUplink(role);
      }
      seen = new ArrayList<>();
      for (String stage : STAGES) {
        look(stage, linkDown);
      }
    }
    return seen;
  }

  private void look(String stage, boolean linkDown) {
    int before = seen.size();
    for (RoleStatus role : roles) {
      if (role.stage().equals(stage)) {
        seen.add(seen(stage, role, linkDown));
      }
    }
    if (seen.size() == before) {
      seen.add(missing(stage));
    }
  }

  private boolean isBrokenUplink(RoleStatus role) {
    return role.stage().equals("uplink") && !role.state().fault().isEmpty();
  }

  private Seen seen(String stage, RoleStatus role, boolean linkDown) {
    if (stage.equals("uplink") && isAway()) {
      return new Seen(stage, role, awayCondition(), this::awayFault);
    }
    Finding finding = judge.look(role, silentAfterMs());
    Condition condition = judge.condition(role, finding);
    if (isAway()) {
      condition = Condition.SILENT;
    }
    boolean onlyWaits = condition == Condition.FAILING && role.state().fault().isEmpty();
    if (linkDown && onlyWaits && !stage.equals("uplink")) {
      return new Seen(stage, role, Condition.DEGRADED, () -> null); // it fills because of the link
    }
    return new Seen(stage, role, condition, () -> StageFault.of(role, finding, judge).orElse(null));
  }

  private Seen missing(String stage) {
    if (!stage.equals("uplink") || link == null) {
      return new Seen(stage, null, Condition.UNKNOWN, () -> null);
    }
    return isAway()
        ? new Seen(stage, null, awayCondition(), this::awayFault)
        : new Seen(stage, null, Condition.OK, () -> null);
  }

  /** Nothing can be known of it: what comes over the bus needs no connection. */
  private boolean isAway() {
    return link != null && !onBus && link.isAway(judge);
  }

  private Condition awayCondition() {
    if (link.isAwaited()) {
      return Condition.UNKNOWN;
    }
    return stopped ? Condition.SILENT : Condition.FAILING;
  }

  private StageFault awayFault() {
    if (stopped || link.isAwaited()) {
      return null;
    }
    long sinceMs = connected ? link.heardMs() : link.sinceMs();
    String words = connected ? "not connected: nothing heard" : "not connected" + link.why();
    return StageFault.of(new Fault(FaultKind.NOT_CONNECTED, words), judge.wallMsOf(sinceMs), 0);
  }

  /** How old the newest is of what is known of it; null if nothing is. */
  private Long figuresAgeMs() {
    long toldMs = figuresMs();
    return toldMs == Long.MIN_VALUE ? null : Math.max(0, judge.nowMs() - toldMs);
  }

  JsonObject json() {
    JsonArray stages = new JsonArray();
    for (Seen one : look()) {
      JsonObject json =
          one.role() == null ? new JsonObject().put("stage", one.stage()) : one.role().json();
      if (one.role() != null && isStale(one.role())) {
        json.remove("inPerSecond");
        json.remove("outPerSecond");
        json.put("etaSeconds", null);
      }
      json.put("state", one.condition().text());
      StageFault fault = one.fault().get();
      if (fault != null) {
        json.put("fault", fault.json());
      }
      stages.add(json);
    }
    JsonObject json =
        new JsonObject()
            .put("edge", edge)
            .put("state", condition().text())
            .put("onBus", onBus)
            .put("gone", isGone())
            .put("figuresAgeMs", figuresAgeMs())
            .put("stages", stages);
    if (link != null) {
      json.put("epoch", link.epoch)
          .put("connected", connected)
          .put("stopped", stopped)
          .put("since", judge.at(link.sinceMs()))
          .put("heard", judge.at(link.heardMs()))
          .put("storedNext", link.storedNext());
      if (roles.isEmpty() && link.waiting() >= 0) {
        json.put("waited", link.waiting());
      }
    }
    Balance balance = balance();
    return balance == null ? json : json.put("ledger", balance.json());
  }
}
