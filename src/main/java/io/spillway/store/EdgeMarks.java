package io.spillway.store;

import io.spillway.journal.PlainScan;
import io.spillway.message.Lines;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The marks of all edges, by {@code <edge>.<epoch>}, and what they have to do with the journal: how
 * much is on its way there, whether it takes anything, and from which offset on the marks would
 * have to be brought up to date. Decides, and does nothing itself: knows no thread, timer or disk.
 *
 * <p>Bounded: the one that was not heard of for longest is forgotten, which can only make an edge
 * that comes back after {@value #MOST} others send again what it has not had acknowledged. One that
 * something is under way for is not forgotten.
 */
final class EdgeMarks {
  static final int MOST = 200_000;

  private enum JournalState {
    TAKING,
    /** It failed, and takes nothing before it is asked to. */
    REFUSING
  }

  private final Map<String, EdgeMark> marks = new LinkedHashMap<>(16, 0.75f, true);

  private long offset = 1;

  /** Says to whom an epoch belongs of which there are only records. */
  private Checkpoint witness = Checkpoint.NONE;

  private int appending;
  private JournalState journal = JournalState.TAKING;

  static String key(String edge, String epoch) {
    return edge + '.' + epoch;
  }

  /** The mark; a new edge begins at 1. */
  EdgeMark of(String key) {
    EdgeMark known = marks.get(key);
    if (known != null) {
      return known;
    }
    forgetIdle(MOST - 1);
    EdgeMark fresh = new EdgeMark(1);
    marks.put(key, fresh);
    return fresh;
  }

  /** Those not heard of for longest, until {@code most} are left or all others are at work. */
  private void forgetIdle(int most) {
    Iterator<EdgeMark> eldest = marks.values().iterator();
    while (marks.size() > most && eldest.hasNext()) {
      if (eldest.next().isIdle()) {
        eldest.remove();
      }
    }
  }

  int size() {
    return marks.size();
  }

  // --- the journal

  /** The journal failed a moment ago: nothing may be given to it. */
  boolean isRefusing() {
    return journal == JournalState.REFUSING;
  }

  /** Appends that are not settled. */
  int appending() {
    return appending;
  }

  /** Everything below is in the journal and counted by the durable side of the marks. */
  long offset() {
    return offset;
  }

  /**
   * Records were given to the journal, which settles what it is given in order.
   *
   * @param mark whose they are; null if they have no sequence
   */
  void submitted(EdgeMark mark, int count) {
    appending++;
    if (mark != null) {
      mark.submitted(count);
    }
  }

  /** They are on the disk, from offset {@code first} on. */
  void stored(EdgeMark mark, long first, int count) {
    appending--;
    offset = Math.max(offset, first + count);
    if (mark != null) {
      mark.stored(count);
    }
  }

  /**
   * They are not. Each append that fails is told, those that the journal refused behind the first
   * one as well.
   *
   * @return whether this is the first since {@link #resume}
   */
  boolean failed(EdgeMark mark) {
    boolean first = journal == JournalState.TAKING;
    appending--;
    journal = JournalState.REFUSING;
    if (mark != null) {
      mark.failed();
    }
    return first;
  }

  /** Whether the journal may be used again: when all that it was given before is settled. */
  boolean resume() {
    if (appending == 0) {
      journal = JournalState.TAKING;
    }
    return appending == 0;
  }

  // --- the checkpoint

  /**
   * Takes from a checkpoint to whom the epochs belong, and no mark. One of which it says nothing
   * has no key: that would be in it, if it was not lost to a version that knows no keys.
   */
  void believe(Checkpoint checkpoint) {
    witness = checkpoint;
  }

  private EdgeMark unseen(String key, long next) {
    Owner owner = witness.owner(key);
    boolean keyless = owner.equals(Owner.NOBODY) && witness.knowsOwners();
    return new EdgeMark(next, keyless ? Owner.KEYLESS : owner, new Islands());
  }

  /** Begins with what a checkpoint says. */
  void restore(Checkpoint checkpoint) {
    believe(checkpoint);
    checkpoint
        .marks()
        .forEach(
            (key, next) ->
                marks.put(key, new EdgeMark(next, checkpoint.owner(key), checkpoint.beyond(key))));
    forgetIdle(MOST);
  }

  /** What is on the disk, to be written down. */
  Checkpoint checkpoint() {
    Map<String, Long> next = new TreeMap<>();
    Map<String, Owner> owners = new TreeMap<>();
    Map<String, List<Long>> beyond = new TreeMap<>();
    marks.forEach(
        (key, mark) -> {
          next.put(key, mark.checkpoint());
          if (!mark.owner().equals(Owner.NOBODY)) {
            owners.put(key, mark.owner());
          }
          if (!mark.beyond().isEmpty()) {
            beyond.put(key, mark.beyond().toList());
          }
        });
    return new Checkpoint(offset, next, owners, true, beyond, Anchor.NONE);
  }

  /**
   * Brings the marks up to date with the journal's records from the checkpoint on, in order: those
   * of version 0.1, which gave a record of a plain client the {@code _id} it came with. Only the
   * very next sequence number counts: such a record must not make an edge's own records look
   * stored.
   *
   * @param lost there is no checkpoint to begin from: an edge's first record is taken as it comes
   */
  void replay(Lines lines, boolean lost) {
    int end;
    for (int start = lines.from(); start < lines.to(); start = end) {
      end = lines.endOfLine(start);
      RecordId id = RecordId.atEndOf(lines.array(), start, end - 1);
      if (id == null) {
        continue;
      }
      EdgeMark mark = marks.get(id.source());
      if (mark == null && (lost || id.seq() == 1)) {
        forgetIdle(MOST - 1);
        marks.put(id.source(), unseen(id.source(), id.seq() + 1));
      } else if (mark != null && mark.durable() == id.seq()) {
        mark.replayed();
      }
    }
  }

  /**
   * The same for records whose {@code _id} only edges have given. Each counts, so that a hole,
   * which damage has made, is filled, and what is stored behind it is not stored again.
   *
   * @param fromOne the journal begins where it began: an edge that is not known yet began at 1
   */
  void found(Lines lines, boolean fromOne) {
    int end;
    for (int start = lines.from(); start < lines.to(); start = end) {
      end = lines.endOfLine(start);
      RecordId id = RecordId.atEndOf(lines.array(), start, end - 1);
      boolean whole = id != null && PlainScan.isObject(lines.array(), start, end - 1);
      if (whole && id.seq() > 0) {
        EdgeMark mark = marks.get(id.source());
        if (mark == null) {
          forgetIdle(MOST - 1);
          mark = unseen(id.source(), fromOne ? 1 : id.seq());
          marks.put(id.source(), mark);
        }
        mark.found(id.seq());
      }
    }
  }

  /**
   * Begins with a checkpoint that no checksum vouches for: a mark counts only as far as the journal
   * has records.
   *
   * @param whole what all records of the journal say
   */
  void restore(Checkpoint older, EdgeMarks whole) {
    Map<String, Long> next = new TreeMap<>();
    older
        .marks()
        .forEach(
            (key, mark) -> {
              EdgeMark found = whole.marks.get(key);
              next.put(key, found == null ? mark : Math.min(mark, found.highest()));
            });
    restore(
        new Checkpoint(
            older.offset(), next, older.owners(), older.knowsOwners(), Map.of(), Anchor.NONE));
  }

  /** They are: the journal ends in front of {@code next}. */
  void upToDate(long next) {
    offset = next;
  }
}
