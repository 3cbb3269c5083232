package io.spillway.redelivery;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Judges the messages of one chunk, in their order, each by what was stored and by those before it,
 * and gathers what is to be remembered of them.
 */
public final class ChunkJudge {
  private static final int AT_FIRST = 16;

  private final SessionMemory memory;
  private final int on;
  private final Habit habit;
  private final boolean newSession;

  /** What the messages and releases so far are to change: see {@link Change}. */
  private long[] changes = new long[AT_FIRST];

  private int count;
  private int newest;

  /** The connection that brought it, if it was certainly new; or 0. */
  private int newestOn;

  /** What was read on an earlier connection may be of another session. */
  private int trustedFrom;

  /** The last place of each identifier in {@link #changes}; null until somebody asks. */
  private Map<Integer, Integer> places;

  ChunkJudge(SessionMemory memory, int on, Habit habit, boolean newSession) {
    this.memory = memory;
    this.on = on;
    this.habit = habit;
    this.newSession = newSession;
    newest = newSession ? 0 : memory.newest();
    newestOn = newSession ? 0 : memory.newestOn();
    trustedFrom = memory.trustedFrom();
  }

  /**
   * The next message, at QoS 0 or 1.
   *
   * @param identifier its packet identifier; 0 at QoS 0, where nothing is ever sent again
   * @param marked its DUP flag
   */
  public Verdict next(int identifier, boolean marked, long fingerprint) {
    if (identifier == 0) {
      return Verdict.NEW;
    }
    doubtSession(identifier);
    Verdict verdict = marked ? marked(identifier, fingerprint) : Verdict.NEW;
    remember(Change.TAKEN, identifier, fingerprint, verdict);
    return verdict;
  }

  /**
   * The next message, at QoS 2: its identifier is held until {@link #release}, and until then the
   * broker can give it to no other message (MQTT 3.1.1 section 4.3.3).
   */
  public Verdict hold(int identifier, boolean marked, long fingerprint) {
    doubtSession(identifier);
    Integer place = places().get(identifier);
    Verdict verdict = marked ? marked(identifier, fingerprint) : Verdict.NEW;
    if (place != null) {
      boolean held = Change.kind(changes[place]) == Change.HELD;
      boolean same = Change.matches(changes[place], fingerprint);
      verdict = held && same ? repeated(identifier) : verdict;
    } else if (!newSession && memory.holds(identifier)) {
      verdict = held(identifier, marked, fingerprint, verdict);
    }
    remember(Change.HELD, identifier, fingerprint, verdict);
    return verdict;
  }

  /** The broker releases an identifier; there may be nothing that it holds. */
  public void release(int identifier) {
    Integer place = places().get(identifier);
    if (place == null && !newSession && memory.holds(identifier)) {
      add(Change.of(Change.RELEASED, identifier, 0));
    } else if (place != null && Change.kind(changes[place]) == Change.HELD) {
      changes[place] = Change.of(Change.TAKEN, identifier, changes[place]);
    }
  }

  /** What has to be on the disk, with the records, before any of them is acknowledged. */
  public byte[] delta() {
    return Delta.write(this, changes, count);
  }

  // --- what the memory asks

  int on() {
    return on;
  }

  Habit habit() {
    return habit;
  }

  boolean isNewSession() {
    return newSession;
  }

  /** The identifier of the last message that was stored; 0: none. */
  int newest() {
    return newest;
  }

  int newestOn() {
    return newestOn;
  }

  int trustedFrom() {
    return trustedFrom;
  }

  /** Whether nothing would be remembered. */
  public boolean isEmpty() {
    return count == 0 && !newSession;
  }

  // Of a session that began unheard nothing was acknowledged, so it would begin with a message.
  private void doubtSession(int identifier) {
    if (count == 0 && identifier == 1 && memory.mayBeAnother(on)) {
      trustedFrom = on;
    }
  }

  private Verdict marked(int identifier, long fingerprint) {
    Integer place = places().get(identifier);
    if (place != null && Change.kind(changes[place]) != Change.RELEASED) {
      boolean same = Change.matches(changes[place], fingerprint);
      return same ? repeated(identifier) : Verdict.DOUBTFUL;
    }
    return newSession ? Verdict.NEW : judge(identifier, fingerprint);
  }

  /**
   * What a message is that equals the last one of its identifier, which this connection brought. A
   * new one would have come without the mark before, and TCP keeps the order.
   */
  private Verdict repeated(int identifier) {
    boolean turned = memory.turn().isPossible(habit, on, count, newest, identifier);
    return turned ? Verdict.DOUBTFUL : Verdict.KNOWN;
  }

  /** What a message is that is marked as sent before, by what was known when the chunk began. */
  private Verdict judge(int identifier, long fingerprint) {
    int read = memory.table().mark(identifier);
    boolean rises = habit == Habit.RISES;
    if (read == 0 && !memory.inherited(fingerprint)) {
      return memory.isComplete() && rises ? Verdict.NEW : Verdict.DOUBTFUL;
    }
    boolean same = read == 0 || memory.table().matches(identifier, fingerprint);
    if (same && read == on) {
      return repeated(identifier);
    }
    if (!rises || read < trustedFrom) {
      return Verdict.DOUBTFUL;
    }
    if (read == 0 || memory.isBehind(identifier, newest)) {
      // A broker that counts up has given the identifier no second time, unless it lost its count:
      // it was started again. But what it gave after that, it sent on another connection first.
      return same && wasThere(read) ? Verdict.KNOWN : Verdict.DOUBTFUL;
    }
    // What is under way comes first on each connection, the oldest first: if one that is younger
    // has been read on a later one, then the message of the entry was not under way any more.
    boolean over = !same || newestOn > read;
    return over && read >= memory.unbrokenSince() ? Verdict.NEW : Verdict.DOUBTFUL;
  }

  /**
   * What a message at QoS 2 is under an identifier that is held. If it equals the one that holds
   * it, then it is that one, unless the broker was started with an older state; and what that gives
   * the identifier to comes without the mark first, on a later connection.
   */
  private Verdict held(int identifier, boolean marked, long fingerprint, Verdict otherwise) {
    int read = memory.table().mark(identifier);
    if (!memory.table().matches(identifier, fingerprint)) {
      return otherwise;
    }
    if (read == on) {
      return repeated(identifier);
    }
    boolean sure = marked && wasThere(read) && read >= trustedFrom;
    return sure ? Verdict.KNOWN : Verdict.DOUBTFUL;
  }

  /** Nothing that was given out since this connection can have been sent on one before this. */
  private boolean wasThere(int read) {
    return read >= Math.min(memory.unbrokenSince(), on - 1);
  }

  // Most chunks have no message that is marked or at QoS 2, and need no such map.
  private Map<Integer, Integer> places() {
    if (places == null) {
      places = new HashMap<>();
      for (int i = 0; i < count; i++) {
        places.put(Change.identifier(changes[i]), i);
      }
    }
    return places;
  }

  private void remember(int kind, int identifier, long fingerprint, Verdict verdict) {
    if (verdict != Verdict.KNOWN) {
      newestOn = verdict == Verdict.NEW ? on : 0;
      newest = identifier; // if it is an old one, then the broker's count is an old one, too
    }
    add(Change.of(kind, identifier, fingerprint));
  }

  private void add(long change) {
    if (count == changes.length) {
      changes = Arrays.copyOf(changes, 2 * count);
    }
    if (places != null) {
      places.put(Change.identifier(change), count);
    }
    changes[count++] = change;
  }
}
