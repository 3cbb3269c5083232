package io.spillway.server.status;

import io.spillway.server.part.EdgeObserver;
import io.spillway.time.TimeSource;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage.Status;
import java.util.Map;

/** An edge that is, or was, connected to this server, and what it told of itself. */
final class EdgeLink implements EdgeObserver.Link {
  /** Its end of the link says goodbye like this. */
  private static final short GOING_AWAY = 1001;

  private static final long NEVER_SAID = -1;

  /** So long the wall clock has to say that an edge is to be forgotten before it is. */
  private static final long OVERDUE_FOR_MS = 24 * 3_600_000L;

  /** What became of a status. */
  enum Outcome {
    TAKEN,
    /** Too soon after the last one. */
    EARLY,
    /** All edges together told too much in this second. */
    BUSY,
    BAD
  }

  final String edge;
  final String epoch;
  private final KnownEdges edges;
  private final TimeSource time;
  private final EdgeRoles roles = new EdgeRoles();
  private int statusEveryMs;
  private int connections;
  private long sinceMs;
  private long heardMs;
  private long statusMs = Long.MIN_VALUE;
  private long storedNext;
  private boolean goodbye;
  private String why = "";

  /** What was known of it before this server was started; null if nothing was. */
  private EdgeMemory.Known before;

  /** It has not come back since. */
  private boolean remembered;

  EdgeLink(String edge, String epoch, KnownEdges edges, TimeSource time) {
    this.edge = edge;
    this.epoch = epoch;
    this.edges = edges;
    this.time = time;
  }

  /** It was known before this server was started, and has not come back yet. */
  void remember(EdgeMemory.Known as) {
    before = as;
    remembered = true;
    goodbye = as.stopped();
    storedNext = as.next();
    passed(0);
  }

  /**
   * So much time has passed. How long one is away that was known before this server was started,
   * the wall clock says, which may be wrong now or may have been wrong then: it is looked at each
   * time, and it is never less than what servers have measured while they ran.
   */
  void passed(long ms) {
    if (remembered) {
      long byWallMs = time.wallMs() - before.heardWallMs();
      before = before.later(ms, byWallMs > KnownEdges.keptForMs(goodbye));
      heardMs = time.monotonicMs() - Math.max(before.awayMs(), byWallMs);
      sinceMs = heardMs;
    }
  }

  /**
   * Whether it is away for longer than it is kept: as measured, or, with the time in which no
   * server ran, by a wall clock that has said so for a day.
   */
  boolean isOver() {
    long keptMs = KnownEdges.keptForMs(goodbye);
    return remembered
        ? before.awayMs() > keptMs || before.overdueMs() >= OVERDUE_FOR_MS
        : awayMs() > keptMs;
  }

  private long awayMs() {
    return isConnected() ? 0 : time.monotonicMs() - sinceMs;
  }

  /** What is to be known of it after a restart. */
  EdgeMemory.Known known() {
    if (remembered) {
      return before;
    }
    long heard = time.wallMs() - (time.monotonicMs() - heardMs);
    return new EdgeMemory.Known(
        edge, epoch, heard, isStopped(), storedNext, waiting(), awayMs(), 0);
  }

  /** Records that waited in its spool when it last said so; -1 if it never did. */
  long waiting() {
    return roles().values().stream()
        .filter(role -> role.stage().equals("spool"))
        .mapToLong(RoleStatus::queued)
        .findFirst()
        .orElse(before == null ? NEVER_SAID : before.waiting());
  }

  /** Whether it may still come back after a restart of this server, in which it was lost. */
  boolean isAwaited() {
    return remembered && !goodbye && edges.isYoung();
  }

  /** When the figures were told that are known of it; {@link Long#MIN_VALUE} if none are. */
  long figuresMs() {
    return roles().values().stream()
        .mapToLong(RoleStatus::heardMs)
        .max()
        .orElse(remembered ? heardMs : Long.MIN_VALUE);
  }

  /** Whether nothing is heard of it over its WebSocket, though that may still seem to be open. */
  boolean isAway(Judge judge) {
    return !isConnected() || isSilent(judge);
  }

  /** Whether it is away without a goodbye, and had time to come back. */
  boolean isLost(Judge judge) {
    return isAway(judge) && !isStopped() && !isAwaited();
  }

  /** That it is gone, and since when nothing is known of it. */
  String goneInWords(long nowMs) {
    long told = figuresMs();
    String ago = told == Long.MIN_VALUE ? "longer ago" : Ages.text(nowMs - told) + " ago";
    String waits =
        waiting() < 0
            ? ""
            : ", and %,d records waited there when it last said so, %s".formatted(waiting(), ago);
    return "edge %s: not connected, not heard of for %s%s"
        .formatted(edge, Ages.text(nowMs - heardMs), waits);
  }

  @Override
  public int statusEveryMs() {
    return statusEveryMs;
  }

  @Override
  public void heard() {
    heardMs = time.monotonicMs();
  }

  @Override
  public void stored(long next) {
    storedNext = next;
  }

  void connected(int everyMs) {
    connections++;
    remembered = false;
    statusEveryMs = everyMs;
    goodbye = false;
    sinceMs = time.monotonicMs();
    heardMs = sinceMs;
  }

  @Override
  public void left(Short code, String reason) {
    edges.left(this);
    connections = 0;
    sinceMs = time.monotonicMs();
    goodbye = code != null && code == GOING_AWAY;
    why = code == null ? "" : " (" + code + (reason == null ? "" : " " + cut(reason)) + ")";
  }

  private static String cut(String reason) {
    String clean = reason.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > 120 ? clean.substring(0, 120) : clean;
  }

  /** What is not understood changes nothing. */
  @Override
  public void status(byte[] text) {
    edges.status(text, look(text));
  }

  private Outcome look(byte[] text) {
    long now = time.monotonicMs();
    if (statusMs > Long.MIN_VALUE && now - statusMs < statusEveryMs / 2) {
      return Outcome.EARLY;
    }
    if (!edges.hasRoom()) {
      return Outcome.BUSY;
    }
    statusMs = now;
    try {
      if (Wire.decode(text) instanceof Status status) {
        status.roles().forEach(role -> roles.heard(role, now, statusEveryMs / 2));
        return Outcome.TAKEN;
      }
    } catch (WireException e) {
      return Outcome.BAD;
    }
    return Outcome.BAD; // it begins like one
  }

  Map<String, RoleStatus> roles() {
    return roles.all();
  }

  boolean isConnected() {
    return connections > 0;
  }

  /** Since when it is connected, or is not. */
  long sinceMs() {
    return sinceMs;
  }

  long storedNext() {
    return storedNext;
  }

  boolean hasToldOfItself() {
    return statusMs > Long.MIN_VALUE;
  }

  /** After so long without a word an edge that speaks of itself is silent. */
  long silentAfterMs() {
    return statusEveryMs * 8L + 2_000;
  }

  /** Whether its WebSocket is open, and it has said nothing for too long. */
  boolean isSilent(Judge judge) {
    return isConnected() && hasToldOfItself() && judge.since(heardMs) > silentAfterMs();
  }

  long heardMs() {
    return heardMs;
  }

  /** It has said goodbye: its end is no fault. */
  boolean isStopped() {
    return !isConnected() && goodbye;
  }

  /** How the last connection ended. */
  String why() {
    return why;
  }
}
