package io.spillway.chaos;

/** What can happen, each to one kind of victim. */
enum ChaosFault {
  EDGE_KILLED(Victim.EDGE, "edge kill -9"),
  EDGE_STOPPED(Victim.EDGE, "edge SIGTERM"),
  EDGE_FROZEN(Victim.EDGE, "edge SIGSTOP"),
  EDGE_FROZEN_AND_KILLED(Victim.EDGE, "edge SIGSTOP, kill -9"),
  EDGE_DISK_FULL(Victim.EDGE, "spool's disk full"),
  EDGE_READ_ONLY(Victim.EDGE, "spool's disk read-only"),
  EDGE_DESCRIPTORS(Victim.EDGE, "edge out of descriptors"),
  EDGE_CLOCK(Victim.EDGE, "edge's clock jumps"),
  EDGE_TOPICS(Victim.EDGE, "edge's topics changed"),
  EDGE_REFUSED(Victim.EDGE, "edge's configuration refused"),

  SERVER_KILLED(Victim.SERVER, "server kill -9"),
  SERVER_STOPPED(Victim.SERVER, "server SIGTERM"),
  SERVER_FROZEN(Victim.SERVER, "server SIGSTOP"),
  SERVER_DISK_FULL(Victim.SERVER, "journal's disk full"),
  SERVER_READ_ONLY(Victim.SERVER, "journal's disk read-only"),
  SERVER_DESCRIPTORS(Victim.SERVER, "server out of descriptors"),
  SERVER_CLOCK(Victim.SERVER, "server's clock jumps"),
  SERVER_TOKENS(Victim.SERVER, "tokens changed"),
  SERVER_REFUSED(Victim.SERVER, "server's configuration refused"),

  BROKER_STOPPED(Victim.BROKER, "broker SIGTERM"),
  BROKER_FROZEN(Victim.BROKER, "broker SIGSTOP"),
  BROKER_KILLED(Victim.BROKER, "broker kill -9"),

  RESET(Victim.LINK, "reset"),
  FINISHED(Victim.LINK, "orderly end"),
  REFUSED(Victim.LINK, "refused"),
  HALF_CLOSED(Victim.LINK, "half close"),
  TORN(Victim.LINK, "cut in mid-frame"),
  BLACK_HOLE(Victim.LINK, "black hole"),
  BLACK_HOLE_THERE(Victim.LINK, "black hole there"),
  BLACK_HOLE_BACK(Victim.LINK, "black hole back"),
  ACKS_LOST(Victim.LINK, "answers lost, then reset"),
  DATA_LOST(Victim.LINK, "requests lost, then reset"),
  DELAYED(Victim.LINK, "delay"),
  THROTTLED(Victim.LINK, "throttle");

  /** Whom a fault befalls. A link is one between broker and edge, or between edge and server. */
  enum Victim {
    EDGE,
    SERVER,
    BROKER,
    LINK
  }

  final Victim victim;
  final String title;

  ChaosFault(Victim victim, String title) {
    this.victim = victim;
    this.title = title;
  }
}
