package io.spillway.redelivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.spillway.redelivery.SimulatedBroker.Policy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A broker that sends at QoS 2 (MQTT 3.1.1 section 4.3.3), an edge with the real decisions, and an
 * oracle that knows which message is which. Breaks off with {@link AssertionError} on a loss, and
 * on a duplicate that nobody counted, or that could have been told.
 */
final class SimulatedHandshake {
  /** What may happen next. */
  enum Step {
    /** Published at QoS 2, and sent if there is a connection. */
    DELIVER_EQUAL,
    DELIVER_OTHER,
    /** Published at QoS 1. */
    DELIVER_AT_ONE,
    /** The oldest once more, on the same connection. */
    REPEAT,
    READ,
    COMMIT,
    /** It is on the disk, and the edge dies before an answer is sent. */
    COMMIT_AND_DIE,
    PROCESS,
    PING,
    CUT,
    KILL,
    CONNECT,
    CONNECT_PROVEN,
    BROKER_SAVES,
    BROKER_CRASH,
    SESSION_LOST
  }

  /** What is wrong with the edge, to show that the oracle sees it. */
  enum Mistake {
    NONE,
    /** PUBCOMP goes out before the release is on the disk. */
    RELEASE_NOT_KEPT,
    /** Whatever equals what is held is left out. */
    HELD_IS_KNOWN,
    /** Nothing is held. */
    NOTHING_HELD
  }

  private enum Stage {
    WAITS_PUBACK,
    WAITS_PUBREC,
    WAITS_PUBCOMP
  }

  private enum Type {
    PUBLISH,
    PUBREL,
    PUBACK,
    PUBREC,
    PUBCOMP,
    PING
  }

  private record Sent(int message, int identifier, Stage stage) {}

  private record Packet(Type type, int message, int identifier, boolean dup) {}

  /** What was read; without a packet: that a session has begun. */
  private record Pending(int on, Packet packet) {}

  private record State(List<Integer> queue, List<Sent> sent, int last) {}

  private static final long SESSION = 7;
  private static final int QUIET_MAX = 1_000;

  private final Policy policy;
  private final int identifiers;
  private final boolean named;
  private final Habit told;
  private final Mistake mistake;

  /** Most that is under way at a time; of a broker that counts up, half of all identifiers. */
  private final int window;

  private final Deque<Packet> toEdge = new ArrayDeque<>();
  private final Deque<Packet> toBroker = new ArrayDeque<>();
  private final Deque<Integer> queue = new ArrayDeque<>();
  private final List<Sent> sent = new ArrayList<>();
  private final List<Step> published = new ArrayList<>();
  private final Set<Integer> stored = new HashSet<>();
  private final Map<Integer, Integer> committedOn = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final SessionMemory memory;
  private UnderWay underWay;
  private State saved = new State(List.of(), List.of(), 0);
  private int last;
  private boolean up;
  private boolean fresh = true;
  private boolean crashed;
  private long clock = 10;
  private long brokerStart;
  private long connectedAt;
  private int duplicates;
  private int counted;

  /**
   * @param told how the broker gives identifiers; null: as it shows
   */
  SimulatedHandshake(Policy policy, int identifiers, Habit told, Mistake mistake) {
    this.policy = policy;
    this.identifiers = identifiers;
    this.told = told;
    named = told == Habit.RISES;
    window = policy == Policy.RISING ? Math.max(1, identifiers / 2) : identifiers;
    this.mistake = mistake;
    memory = new SessionMemory(identifiers);
    underWay = new UnderWay(identifiers);
  }

  int duplicates() {
    return duplicates;
  }

  int counted() {
    return counted;
  }

  int published() {
    return published.size();
  }

  boolean can(Step step) {
    return switch (step) {
      case DELIVER_EQUAL, DELIVER_OTHER, DELIVER_AT_ONE -> !up || sent.size() < window;
      case REPEAT -> up && !sent.isEmpty() && sent.size() <= identifiers / 2;
      case READ -> !toEdge.isEmpty();
      case COMMIT, COMMIT_AND_DIE -> !pending.isEmpty();
      case PROCESS -> !toBroker.isEmpty();
      case PING -> up && underWay.wantsPing();
      case CUT -> up;
      case CONNECT, CONNECT_PROVEN -> !up;
      case KILL, BROKER_SAVES, BROKER_CRASH, SESSION_LOST -> true;
    };
  }

  void run(Step step) {
    clock++;
    switch (step) {
      case DELIVER_EQUAL, DELIVER_OTHER, DELIVER_AT_ONE -> deliver(step);
      case REPEAT -> send(sent.get(0), true);
      case READ -> read(toEdge.remove());
      case COMMIT -> commit(true);
      case COMMIT_AND_DIE -> commit(false);
      case PROCESS -> process(toBroker.remove());
      case PING -> ping();
      case CUT -> cut();
      case KILL -> kill();
      case CONNECT -> connect(-1);
      case CONNECT_PROVEN -> connect(clock - brokerStart);
      case BROKER_SAVES -> saved = new State(List.copyOf(queue), List.copyOf(sent), last);
      case BROKER_CRASH -> crash();
      case SESSION_LOST -> forget();
    }
  }

  /** No more faults: everything that the broker knows of has to arrive, and to be done with. */
  void finish() {
    for (int turn = 0; turn < QUIET_MAX && !(up && sent.isEmpty() && queue.isEmpty()); turn++) {
      Step next =
          !up
              ? Step.CONNECT
              : !toBroker.isEmpty() ? Step.PROCESS : !toEdge.isEmpty() ? Step.READ : Step.COMMIT;
      check(can(next), "nothing goes on any more: " + sent);
      run(next);
    }
    check(up && sent.isEmpty() && queue.isEmpty(), "it goes round in circles: " + sent);
  }

  // --- the broker

  private void deliver(Step step) {
    queue.add(published.size());
    published.add(step);
    if (up) {
      sendQueued();
    }
  }

  private void sendQueued() {
    while (!queue.isEmpty() && sent.size() < window) {
      int message = queue.remove();
      boolean once = published.get(message) != Step.DELIVER_AT_ONE;
      Sent next = new Sent(message, identifier(), once ? Stage.WAITS_PUBREC : Stage.WAITS_PUBACK);
      sent.add(next);
      send(next, false);
    }
  }

  private void send(Sent one, boolean dup) {
    boolean released = one.stage == Stage.WAITS_PUBCOMP;
    Type type = released ? Type.PUBREL : Type.PUBLISH;
    toEdge.add(new Packet(type, one.message, one.identifier, dup && !released));
  }

  private int identifier() {
    if (policy == Policy.LOWEST_FREE || (policy == Policy.RISING_UNDER_LOAD && sent.isEmpty())) {
      last = 0;
    }
    do {
      last = last % identifiers + 1;
    } while (sent.stream().anyMatch(one -> one.identifier == last));
    return last;
  }

  private void process(Packet answer) {
    if (answer.type == Type.PING) {
      toEdge.add(answer);
      return;
    }
    int at = 0;
    while (at < sent.size() && sent.get(at).identifier != answer.identifier) {
      at++;
    }
    Sent one = at < sent.size() ? sent.get(at) : new Sent(-1, answer.identifier, null);
    if (answer.type == Type.PUBREC && one.stage != Stage.WAITS_PUBACK) {
      Sent released = new Sent(one.message, one.identifier, Stage.WAITS_PUBCOMP);
      if (one.stage != null) {
        checkStored(one.message);
        sent.set(at, released);
      }
      send(released, false);
    } else if (answer.type == Type.PUBACK && one.stage == Stage.WAITS_PUBACK) {
      checkStored(one.message);
      sent.remove(at);
    } else if (answer.type == Type.PUBCOMP && one.stage == Stage.WAITS_PUBCOMP) {
      sent.remove(at);
    }
    sendQueued();
  }

  private void cut() {
    up = false;
    toEdge.clear();
    toBroker.clear();
  }

  private void restore(State older) {
    cut();
    queue.clear();
    queue.addAll(older.queue);
    sent.clear();
    sent.addAll(older.sent);
    last = older.last;
  }

  private void crash() {
    restore(saved);
    brokerStart = clock;
    crashed = true;
  }

  private void forget() {
    saved = new State(List.of(), List.of(), 0);
    restore(saved);
    fresh = true;
  }

  // --- the edge

  private void connect(long upMs) {
    boolean newSession = fresh;
    fresh = false;
    connectedAt = clock;
    memory.apply(memory.begin(new Beginning(SESSION, new Moment(1, clock, clock), upMs, named)));
    underWay.connected(newSession, named);
    if (newSession) {
      pending.add(new Pending(memory.connection(), null));
    }
    up = true;
    last = policy == Policy.ANEW_EACH_CONNECTION ? 0 : last;
    sent.forEach(one -> send(one, true));
    sendQueued();
  }

  private void read(Packet packet) {
    if (packet.type == Type.PING) {
      underWay.ponged();
      return;
    }
    if (packet.type == Type.PUBREL) {
      underWay.released(packet.identifier);
    } else if (isAtOne(packet)) {
      if (underWay.isCopy(packet.identifier, packet.dup, fingerprint(packet))) {
        return;
      }
    } else {
      underWay.held(packet.identifier, packet.dup, fingerprint(packet));
    }
    pending.add(new Pending(memory.connection(), packet));
  }

  private void commit(boolean lives) {
    while (!pending.isEmpty()) {
      int on = pending.get(0).on;
      int count = 1;
      while (count < pending.size()
          && pending.get(count).on == on
          && pending.get(count).packet != null) {
        count++;
      }
      take(on, pending.subList(0, count));
      pending.subList(0, count).clear();
    }
    if (!lives) {
      kill();
    }
  }

  private void take(int on, List<Pending> chunk) {
    Habit habit = told == null ? underWay.habit() : told;
    ChunkJudge judge = memory.judge(on, habit, chunk.get(0).packet == null);
    for (Pending one : chunk) {
      if (one.packet != null) {
        take(on, one.packet, judge);
      }
    }
    memory.apply(judge.delta());
    if (up && on == memory.connection()) {
      chunk.stream().filter(one -> one.packet != null).forEach(one -> answer(one.packet));
    }
  }

  private void take(int on, Packet packet, ChunkJudge judge) {
    if (packet.type == Type.PUBREL) {
      if (mistake != Mistake.RELEASE_NOT_KEPT) {
        judge.release(packet.identifier);
      }
      return;
    }
    long fingerprint = fingerprint(packet);
    boolean held =
        mistake == Mistake.HELD_IS_KNOWN
            && memory.holds(packet.identifier)
            && memory.table().matches(packet.identifier, fingerprint);
    boolean plain = isAtOne(packet) || mistake == Mistake.NOTHING_HELD;
    Verdict verdict =
        plain
            ? judge.next(packet.identifier, packet.dup, fingerprint)
            : judge.hold(packet.identifier, packet.dup, fingerprint);
    taken(on, packet, held ? Verdict.KNOWN : verdict);
  }

  private void taken(int on, Packet packet, Verdict verdict) {
    Integer before = committedOn.put(packet.message, on);
    counted += verdict == Verdict.DOUBTFUL ? 1 : 0;
    if (verdict == Verdict.KNOWN) {
      check(before != null, "message " + packet.message + " is taken for stored, and lost");
    } else if (!stored.add(packet.message)) {
      duplicates++;
      boolean asNew = crashed && !packet.dup; // it was not under way in the state that came back
      check(verdict == Verdict.DOUBTFUL || asNew, packet.message + " is doubled, not counted");
      boolean undecidable = crashed || isAtOne(packet) || before < on - 1;
      check(undecidable, packet.message + " is doubled, and there was no doubt");
    }
  }

  private void answer(Packet packet) {
    Type type =
        packet.type == Type.PUBREL ? Type.PUBCOMP : isAtOne(packet) ? Type.PUBACK : Type.PUBREC;
    if (type == Type.PUBACK) {
      underWay.acknowledged(packet.identifier);
    } else if (type == Type.PUBCOMP) {
      underWay.completed(packet.identifier);
    }
    toBroker.add(new Packet(type, -1, packet.identifier, false));
  }

  private void ping() {
    underWay.pinged();
    toBroker.add(new Packet(Type.PING, -1, 0, false));
  }

  private void kill() {
    cut();
    pending.clear();
    underWay = new UnderWay(identifiers);
  }

  private boolean isAtOne(Packet packet) {
    return published.get(packet.message) == Step.DELIVER_AT_ONE;
  }

  private long fingerprint(Packet packet) {
    return published.get(packet.message) == Step.DELIVER_OTHER ? 2 : 1;
  }

  private void checkStored(int message) {
    check(stored.contains(message), "message " + message + " is let go of, and lost");
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new AssertionError(what);
    }
  }

  /**
   * Two with the same key go on alike, where nothing is learned of the broker, and all is at QoS 2.
   */
  long key() {
    byte[] kept = memory.save();
    Arrays.fill(kept, 16, 40, (byte) 0); // when it connected
    boolean unbroken = brokerStart <= connectedAt;
    List<Object> state =
        List.of(List.copyOf(queue), sent, last, List.copyOf(toEdge), List.copyOf(toBroker), saved);
    List<Object> edge = List.of(stored, committedOn, pending, published, Arrays.hashCode(kept));
    return Objects.hash(state, edge, up, fresh, crashed, unbroken) * (1L << 32)
        ^ Objects.hash(edge, fresh, 17, state, up, unbroken, crashed, new String(kept, ISO_8859_1));
  }
}
