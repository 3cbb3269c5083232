package io.spillway.store;

import io.spillway.message.Lines;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The marks of all edges, by {@code <edge>.<epoch>}. Bounded: the one that was not heard of for
 * longest is forgotten, which can only make an edge that comes back after {@value #MOST} others
 * send again what it has not had acknowledged.
 */
final class EdgeMarks {
  static final int MOST = 200_000;

  private final Map<String, EdgeMark> marks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EdgeMark> eldest) {
          return size() > MOST;
        }
      };

  static String key(String edge, String epoch) {
    return edge + '.' + epoch;
  }

  /** The mark; a new edge begins at 1. */
  EdgeMark of(String key) {
    return marks.computeIfAbsent(key, k -> new EdgeMark(1));
  }

  int size() {
    return marks.size();
  }

  void put(String key, long next) {
    marks.put(key, new EdgeMark(next));
  }

  /** The journal failed: whatever was submitted and is not on disk has to come again. */
  void fallBack() {
    marks.values().forEach(mark -> mark.submitted = mark.durable);
  }

  /** What is on disk, to be written down. */
  Map<String, Long> durable() {
    Map<String, Long> next = new TreeMap<>();
    marks.forEach((key, mark) -> next.put(key, mark.durable));
    return next;
  }

  /**
   * Brings the marks up to date with records of the journal, in order. Only the very next sequence
   * number counts: a plain client may have stored a record that carries some edge's {@code _id},
   * and must not make that edge's own records look stored.
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
        put(id.source(), id.seq() + 1);
      } else if (mark != null && mark.durable == id.seq()) {
        mark.durable++;
        mark.submitted++;
      }
    }
  }
}
