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

  /** Of the messages so far: the identifier above 48 bits, of which 40 are the fingerprint. */
  private long[] entries = new long[AT_FIRST];

  private int count;
  private int newest;

  /** The connection that brought it, if it was certainly new; or 0. */
  private int newestOn;

  /** What was read on an earlier connection may be of another session. */
  private int trustedFrom;

  /** The last place of each identifier in {@link #entries}; null until somebody asks. */
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
   * The next message.
   *
   * @param identifier its packet identifier; 0 at QoS 0, where nothing is ever sent again
   * @param marked its DUP flag
   */
  public Verdict next(int identifier, boolean marked, long fingerprint) {
    if (identifier == 0) {
      return Verdict.NEW;
    }
    if (count == 0 && identifier == 1 && memory.mayBeAnother(on)) {
      trustedFrom = on;
    }
    Verdict verdict = marked ? marked(identifier, fingerprint) : Verdict.NEW;
    if (verdict != Verdict.KNOWN) {
      newestOn = verdict == Verdict.NEW ? on : 0;
      newest = identifier; // if it is an old one, then the broker's count is an old one, too
    }
    remember(identifier, fingerprint);
    return verdict;
  }

  /** What has to be on the disk, with the records, before any of them is acknowledged. */
  public byte[] delta() {
    return SessionMemory.delta(this, entries, count);
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

  private Verdict marked(int identifier, long fingerprint) {
    Integer place = places().get(identifier);
    if (place != null) {
      boolean same = entries[place] == entry(identifier, fingerprint);
      return same ? Verdict.KNOWN : Verdict.DOUBTFUL;
    }
    return newSession ? Verdict.NEW : memory.judge(this, identifier, fingerprint);
  }

  // Most chunks have no message that is marked, and need no such map.
  private Map<Integer, Integer> places() {
    if (places == null) {
      places = new HashMap<>();
      for (int i = 0; i < count; i++) {
        places.put((int) (entries[i] >>> 48), i);
      }
    }
    return places;
  }

  private void remember(int identifier, long fingerprint) {
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, 2 * count);
    }
    if (places != null) {
      places.put(identifier, count);
    }
    entries[count++] = entry(identifier, fingerprint);
  }

  private static long entry(int identifier, long fingerprint) {
    return (long) identifier << 48 | IdentifierTable.kept(fingerprint);
  }
}
