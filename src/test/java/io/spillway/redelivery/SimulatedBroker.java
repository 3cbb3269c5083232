package io.spillway.redelivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** An MQTT broker and one session of it, as small as it can be. */
final class SimulatedBroker {
  /** How it gives packet identifiers. */
  enum Policy {
    RISING,
    /** Takes the next one although it is in use: illegal, and what Mosquitto does. */
    RISING_INTO_USED,
    LOWEST_FREE,
    /** Rises while something is under way, begins at 1 again when nothing is. */
    RISING_UNDER_LOAD,
    /** A new message of a connection gets 1; what is sent again keeps what it had. */
    ANEW_EACH_CONNECTION,
    /** What is sent again gets a new one, too. */
    FRESH_WHEN_SENT_AGAIN
  }

  /** A message under way. */
  record Sent(int message, int identifier) {}

  /** What is on the wire towards the edge; identifier 0: a PINGRESP. */
  record Packet(int message, int identifier, boolean dup) {}

  private record State(List<Integer> queue, List<Sent> inFlight, int last) {}

  final Deque<Packet> toEdge = new ArrayDeque<>();

  /** Identifiers of PUBACKs; 0: a PINGREQ. */
  final Deque<Integer> toBroker = new ArrayDeque<>();

  private final Policy policy;
  private final int identifiers;
  private final Deque<Integer> queue = new ArrayDeque<>();
  private final List<Sent> inFlight = new ArrayList<>();
  private int last;
  private boolean up;
  private boolean gaveUsed;
  private State saved = new State(List.of(), List.of(), 0);

  SimulatedBroker(Policy policy, int identifiers) {
    this.policy = policy;
    this.identifiers = identifiers;
  }

  /** Whether it has had two messages under way with one identifier. */
  boolean hasGivenUsed() {
    return gaveUsed;
  }

  boolean isUp() {
    return up;
  }

  void publish(int message) {
    queue.add(message);
  }

  boolean canDeliver() {
    boolean more = policy == Policy.RISING_INTO_USED || inFlight.size() < identifiers;
    return up && !queue.isEmpty() && more;
  }

  void deliver() {
    Sent sent = new Sent(queue.remove(), identifier());
    inFlight.add(sent);
    toEdge.add(new Packet(sent.message, sent.identifier, false));
  }

  /** A broker that does so is taken to have few under way: half of all identifiers at most. */
  boolean canRepeat() {
    return up && !inFlight.isEmpty() && inFlight.size() <= identifiers / 2;
  }

  /** The oldest once more, on the same connection. */
  void repeat() {
    Sent sent = inFlight.get(0);
    toEdge.add(new Packet(sent.message, sent.identifier, true));
  }

  /** Reads one packet; the message that is released by it, or -1. */
  int process() {
    int identifier = toBroker.remove();
    if (identifier == 0) {
      toEdge.add(new Packet(-1, 0, false));
      return -1;
    }
    for (Sent sent : inFlight) {
      if (sent.identifier == identifier) {
        inFlight.remove(sent);
        return sent.message;
      }
    }
    return -1;
  }

  void cut() {
    up = false;
    toEdge.clear();
    toBroker.clear();
  }

  /** The edge connects; whether a session was kept. */
  void connect() {
    up = true;
    if (policy == Policy.ANEW_EACH_CONNECTION || policy == Policy.FRESH_WHEN_SENT_AGAIN) {
      last = 0;
    }
    if (policy == Policy.FRESH_WHEN_SENT_AGAIN) {
      List<Sent> before = List.copyOf(inFlight);
      inFlight.clear();
      before.forEach(sent -> inFlight.add(new Sent(sent.message, identifier())));
    }
    inFlight.forEach(sent -> toEdge.add(new Packet(sent.message, sent.identifier, true)));
  }

  void save() {
    saved = new State(List.copyOf(queue), List.copyOf(inFlight), last);
  }

  /** Dies, and comes back as it was when it saved. */
  void crash() {
    cut();
    queue.clear();
    queue.addAll(saved.queue);
    inFlight.clear();
    inFlight.addAll(saved.inFlight);
    last = saved.last;
  }

  /** Forgets the session. */
  void forget() {
    cut();
    queue.clear();
    inFlight.clear();
    last = 0;
    save();
  }

  String key() {
    return queue + "/" + inFlight + "/" + last + up + toEdge + toBroker + saved;
  }

  private int identifier() {
    if (policy == Policy.LOWEST_FREE
        || (policy == Policy.RISING_UNDER_LOAD && inFlight.isEmpty())) {
      last = 0;
    }
    do {
      last = last % identifiers + 1;
    } while (isUsed(last) && policy != Policy.RISING_INTO_USED);
    gaveUsed |= isUsed(last);
    return last;
  }

  private boolean isUsed(int identifier) {
    return inFlight.stream().anyMatch(sent -> sent.identifier == identifier);
  }
}
