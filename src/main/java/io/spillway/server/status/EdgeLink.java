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

  EdgeLink(String edge, String epoch, KnownEdges edges, TimeSource time) {
    this.edge = edge;
    this.epoch = epoch;
    this.edges = edges;
    this.time = time;
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

  boolean isSilent(Judge judge) {
    return hasToldOfItself() && judge.since(heardMs) > silentAfterMs();
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
