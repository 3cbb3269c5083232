package io.spillway.redelivery;

import io.spillway.redelivery.SimulatedBroker.Packet;
import io.spillway.redelivery.SimulatedBroker.Policy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An edge with the real decisions, its broker, and an oracle that knows which message is which.
 * Breaks off with {@link AssertionError} on a loss, or a duplicate that nobody counted.
 */
final class SimulatedEdge {
  /** What may happen next. */
  enum Step {
    PUBLISH_EQUAL,
    PUBLISH_OTHER,
    DELIVER,
    REPEAT,
    READ,
    COMMIT,
    ACKNOWLEDGE,
    PING,
    PROCESS,
    CUT,
    KILL_EDGE,
    CONNECT,
    CONNECT_PROVEN,
    BROKER_SAVES,
    BROKER_CRASH,
    SESSION_LOST
  }

  /**
   * What is wrong with the edge, to show that the oracle sees it.
   *
   * @param numbers whether connections are told apart
   * @param rises it believes so of every broker
   * @param twice it acknowledges copies, too
   */
  record Mutation(boolean numbers, boolean rises, boolean twice) {
    static final Mutation NONE = new Mutation(true, false, false);
  }

  private record Pending(int on, int message, Packet packet) {}

  private static final long SESSION = 7;

  final SimulatedBroker broker;
  private final int identifiers;
  private final boolean named;
  private final Mutation mutation;
  private final SessionMemory memory;
  private final List<Boolean> contents = new ArrayList<>();
  private final Set<Integer> stored = new HashSet<>();
  private final List<Pending> pending = new ArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private final StringBuilder happened = new StringBuilder();
  private Unproven unproven = new Unproven();
  private HabitLearner learner;
  private boolean lost;
  private long clock = 10;
  private long brokerStart;
  private long connectedAt;
  private boolean crashed;
  private int duplicates;
  private int counted;

  SimulatedEdge(Policy policy, int identifiers, boolean named, Mutation mutation) {
    broker = new SimulatedBroker(policy, identifiers);
    this.identifiers = identifiers;
    this.named = named;
    this.mutation = mutation;
    memory = new SessionMemory(identifiers);
    learner = new HabitLearner(identifiers);
    lost = true;
  }

  int duplicates() {
    return duplicates;
  }

  int counted() {
    return counted;
  }

  int published() {
    return contents.size();
  }

  boolean can(Step step) {
    return switch (step) {
      case PUBLISH_EQUAL, PUBLISH_OTHER, BROKER_SAVES, KILL_EDGE, BROKER_CRASH, SESSION_LOST ->
          true;
      case DELIVER -> broker.canDeliver();
      case REPEAT -> broker.canRepeat();
      case READ -> !broker.toEdge.isEmpty();
      case COMMIT -> !pending.isEmpty();
      case ACKNOWLEDGE -> !answers.isEmpty();
      case PING -> broker.isUp() && unproven.wantsPing();
      case PROCESS -> !broker.toBroker.isEmpty();
      case CUT -> broker.isUp();
      case CONNECT, CONNECT_PROVEN -> !broker.isUp();
    };
  }

  void run(Step step) {
    clock++;
    switch (step) {
      case PUBLISH_EQUAL -> publish(true);
      case PUBLISH_OTHER -> publish(false);
      case DELIVER -> broker.deliver();
      case REPEAT -> broker.repeat();
      case READ -> read(broker.toEdge.remove());
      case COMMIT -> commit();
      case ACKNOWLEDGE -> acknowledge(answers.remove());
      case PING -> ping();
      case PROCESS -> released(broker.process());
      case CUT -> cut();
      case KILL_EDGE -> kill();
      case CONNECT -> connect(-1);
      case CONNECT_PROVEN -> connect(clock - brokerStart);
      case BROKER_SAVES -> broker.save();
      case BROKER_CRASH -> crash();
      case SESSION_LOST -> forget();
    }
  }

  private void publish(boolean equal) {
    broker.publish(contents.size());
    contents.add(equal);
  }

  private void connect(long upMs) {
    boolean newSession = lost;
    lost = false;
    connectedAt = clock;
    if (mutation.numbers || memory.connection() == 0) {
      memory.apply(memory.begin(new Beginning(SESSION, new Moment(1, clock, clock), upMs, named)));
    }
    learner.connected(newSession, unproven.isSettled(), named);
    unproven = new Unproven();
    happened.append('|').append(newSession);
    if (newSession) {
      pending.add(new Pending(memory.connection(), -1, null));
    }
    broker.connect();
  }

  private void read(Packet packet) {
    happened.append('r').append(packet.identifier()).append(packet.dup() ? 'd' : 'n');
    if (packet.identifier() == 0) {
      unproven.answered();
      return;
    }
    long fingerprint = fingerprint(packet.message());
    happened.append(fingerprint);
    if (unproven.isCopy(packet.identifier(), packet.dup(), fingerprint)
        && !learner.mayHaveTurned(packet.identifier())) {
      boolean there =
          stored.contains(packet.message())
              || pending.stream().anyMatch(one -> one.message == packet.message());
      check(there, "a copy of nothing is left out: " + packet);
      if (mutation.twice) {
        answers.add(packet.identifier());
      }
      return;
    }
    learner.read(packet.identifier(), packet.dup(), unproven.isSettled());
    unproven.read(packet.identifier(), fingerprint);
    pending.add(new Pending(memory.connection(), packet.message(), packet));
  }

  private void commit() {
    int from = 0;
    while (from < pending.size()) {
      int on = pending.get(from).on;
      boolean fresh = pending.get(from).packet == null;
      int to = from + 1;
      while (to < pending.size() && pending.get(to).on == on && pending.get(to).packet != null) {
        to++;
      }
      commit(on, fresh, pending.subList(from, to));
      from = to;
    }
    pending.clear();
  }

  private void commit(int on, boolean newSession, List<Pending> chunk) {
    Habit seen = mutation.rises ? Habit.RISES : learner.habit();
    ChunkJudge judge = memory.judge(on, seen, newSession);
    for (Pending one : chunk) {
      if (one.packet != null) {
        Packet packet = one.packet;
        taken(
            one.message,
            packet.dup(),
            judge.next(packet.identifier(), packet.dup(), fingerprint(one.message)));
        if (on == memory.connection() && broker.isUp()) {
          answers.add(packet.identifier());
        }
      }
    }
    memory.apply(judge.delta());
  }

  private void taken(int message, boolean dup, Verdict verdict) {
    if (verdict == Verdict.KNOWN) {
      check(stored.contains(message), "message " + message + " is taken for stored, and lost");
      return;
    }
    boolean again = !stored.add(message);
    duplicates += again ? 1 : 0;
    counted += verdict == Verdict.DOUBTFUL ? 1 : 0;
    // It had no identifier yet in the state that came back; or another one has the same.
    boolean asNew = (crashed && !dup) || broker.hasGivenUsed();
    check(
        again ? verdict == Verdict.DOUBTFUL || asNew : true,
        "message " + message + " doubled, not counted");
  }

  private void acknowledge(int identifier) {
    happened.append('a').append(identifier);
    unproven.acknowledged(identifier);
    broker.toBroker.add(identifier);
  }

  private void ping() {
    happened.append('p');
    unproven.pinged();
    broker.toBroker.add(0);
  }

  private void released(int message) {
    check(message < 0 || stored.contains(message), "message " + message + " is released, and lost");
  }

  private void cut() {
    broker.cut();
    answers.clear();
  }

  private void kill() {
    cut();
    pending.clear();
    unproven = new Unproven();
    learner = new HabitLearner(identifiers);
    happened.setLength(0);
  }

  private void crash() {
    broker.crash();
    brokerStart = clock;
    crashed = true;
    answers.clear();
  }

  private void forget() {
    broker.forget();
    answers.clear();
    lost = true;
  }

  private long fingerprint(int message) {
    return contents.get(message) ? 1 : 2;
  }

  private String memory() {
    byte[] saved = memory.save();
    Arrays.fill(saved, 16, 40, (byte) 0); // when it connected
    return Arrays.toString(saved);
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new AssertionError(what);
    }
  }

  /** Two with the same key go on alike. */
  String key() {
    return broker.key()
        + stored
        + pending
        + answers
        + lost
        + contents
        + happened
        + (brokerStart <= connectedAt)
        + crashed
        + memory();
  }
}
