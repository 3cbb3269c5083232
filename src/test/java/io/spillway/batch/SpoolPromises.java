package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Spool.Found;
import io.spillway.journal.Cursor;
import io.spillway.journal.Slice;
import io.spillway.message.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a spool owes: to its source, that all it took reaches the server or is dropped because
 * somebody wants that; to the server, that a number means one record for ever.
 */
public final class SpoolPromises {
  /** How far one epoch has come. */
  private record Progress(long acknowledged, long end, boolean remembered) {
    static final Progress NONE = new Progress(1, 1, false);
  }

  private final boolean meddled;
  private boolean renumbered;

  /** Taken from the source. */
  private final Set<String> owed = new HashSet<>();

  /** Allowed to be nowhere. */
  private final Set<String> droppable = new HashSet<>();

  /**
   * By {@code <edge>.<epoch>.<number>}: what was ever called so, as far as it could be heard of.
   */
  private final Map<String, String> named = new HashMap<>();

  private final Map<String, String> stored = new HashMap<>();
  private final Map<String, Long> marks = new HashMap<>();
  private final Map<String, Progress> saved = new HashMap<>();
  private final Map<String, String> keys = new HashMap<>();

  /** All of it was sent: nothing of it is sent again. */
  private final Set<String> gone = new HashSet<>();

  private Long chunk;

  /**
   * @param meddled whether somebody has damaged it: then it may say so
   */
  SpoolPromises(boolean meddled) {
    this.meddled = meddled;
  }

  SpoolPromises copy() {
    SpoolPromises copy = new SpoolPromises(meddled);
    copy.renumbered = renumbered;
    copy.owed.addAll(owed);
    copy.droppable.addAll(droppable);
    copy.named.putAll(named);
    copy.stored.putAll(stored);
    copy.marks.putAll(marks);
    copy.saved.putAll(saved);
    copy.keys.putAll(keys);
    copy.gone.addAll(gone);
    copy.chunk = chunk;
    return copy;
  }

  @Override
  public String toString() {
    return owed.size() + " owed, " + stored.size() + " stored";
  }

  // --- what happens

  void appended(SpoolIdentity identity, long first, List<String> texts, long ofChunk) {
    for (int i = 0; i < texts.size(); i++) {
      name(identity.toString() + '.' + (first + i), texts.get(i));
    }
    owed.addAll(texts);
    chunk = ofChunk;
  }

  private void name(String id, String text) {
    String other = named.put(id, text);
    if (other != null) {
      assertThat(text).as("a second record called " + id).isEqualTo(other);
    }
  }

  /** Sends what waits; returns the number behind it. */
  long send(Spool spool, int most) throws IOException {
    long next = spool.acknowledged();
    Progress progress = saved.getOrDefault(spool.identity().toString(), Progress.NONE);
    next = Math.max(next, progress.acknowledged);
    int left = most;
    try (Cursor cursor = spool.journal().cursor(next)) {
      for (Slice s = cursor.read(1, 1); !s.isEmpty() && left > 0; s = cursor.read(1, 1)) {
        hear(spool, s);
        next = s.next();
        left--;
      }
    }
    return next;
  }

  /** What the server does with a record. */
  private void hear(Spool spool, Slice one) {
    String line = Texts.texts(one.lines()).get(0);
    String source = spool.identity().toString();
    String id = source + '.' + one.first();
    assertThat(line).endsWith(",\"_id\":\"" + id + "\"}");
    String text = line.substring(0, line.lastIndexOf(",\"_id\"")) + "}";
    name(id, text);
    if (one.first() < marks.getOrDefault(source, 1L)) {
      assertThat(stored).as("taken for another record").containsEntry(id, text);
      return;
    }
    if (!renumbered) {
      assertThat(stored.values()).as("stored twice").doesNotContain(text);
    }
    stored.put(id, text);
    marks.put(source, one.next());
  }

  void saved(SpoolIdentity of, long acknowledged, long end) {
    saved.put(of.toString(), new Progress(acknowledged, end, true));
  }

  long acknowledged(SpoolIdentity of) {
    return saved.getOrDefault(of.toString(), Progress.NONE).acknowledged;
  }

  /** All of it is sent, and it goes. */
  void forget(SpoolIdentity of) {
    gone.add(of.toString());
    saved.remove(of.toString());
    keys.remove(of.toString());
  }

  void mayDrop(SpoolIdentity of, long below) {
    named.forEach(
        (id, text) -> {
          int dot = id.lastIndexOf('.');
          if (id.startsWith(of.toString() + '.') && Long.parseLong(id.substring(dot + 1)) < below) {
            droppable.add(text);
          }
        });
  }

  void renumber() {
    renumbered = true;
    saved.clear();
    keys.clear();
  }

  void mayDouble(long count) {
    assertThat(renumbered).as("given other numbers unasked").isTrue();
  }

  void mayMiss(List<String> texts) {
    droppable.addAll(texts);
    forgetPositions();
    chunk = null;
  }

  void forgetPositions() {
    saved.clear();
  }

  // --- what has to be

  /** Fails if a promise is broken; what is here now is promised, too. */
  void check(Found found, SpoolMemo memo, boolean patchy) throws IOException {
    boolean whole = !patchy && !meddled && !renumbered;
    if (whole) {
      // a second copy that was torn looks as one that was damaged
      assertThat(found.damages().words()).matches("(.*the other of the two says the same)?");
      assertThat(found.older()).isEmpty();
    }
    List<Spool> all = new ArrayList<>(found.older());
    all.add(found.current());
    SpoolPromises drained = copy();
    for (Spool spool : all) {
      check(spool);
      drained.send(spool, Integer.MAX_VALUE);
    }
    named.putAll(drained.named);
    Set<String> missing = new HashSet<>(owed);
    missing.removeAll(drained.stored.values());
    missing.removeAll(droppable);
    Set<String> lost = new TreeSet<>(named.keySet());
    lost.removeIf(id -> !missing.contains(named.get(id)));
    assertThat(missing).as("lost: " + lost + " of " + all + ", saved " + saved).isEmpty();
    assertThat(found.current().key()).as("key").isNotNull();
    if (chunk != null && !patchy) {
      assertThat(memo.hasChunk(chunk)).as("remembers the last chunk").isTrue();
    }
  }

  private void check(Spool spool) throws IOException {
    String of = spool.identity().toString();
    if (spool.key() != null) {
      String before = keys.put(of, spool.key());
      assertThat(before == null || before.equals(spool.key())).as("key of " + of).isTrue();
    }
    if (gone.contains(of)) {
      assertThat(spool.acknowledged()).as("sent again").isEqualTo(spool.journal().next());
    }
    Progress progress = saved.getOrDefault(of, Progress.NONE);
    assertThat(spool.acknowledged())
        .as("acknowledged")
        .isGreaterThanOrEqualTo(progress.acknowledged);
    assertThat(spool.assured()).as("assured").isGreaterThanOrEqualTo(progress.acknowledged);
    if (progress.remembered) {
      assertThat(new AcknowledgedEpoch(spool.dir()).is(spool.identity().epoch())).isTrue();
    }
  }
}
