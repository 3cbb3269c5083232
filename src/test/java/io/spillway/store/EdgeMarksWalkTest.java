package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Texts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random walks with a printed seed: edges that send, repeat, skip, drop and connect twice, a
 * journal that is slow and fails, a checkpoint that may not be written, and crashes. The journal is
 * a plain list.
 */
@DisplayName("The marks, on random walks")
class EdgeMarksWalkTest {
  private static final int WALKS = 300;
  private static final int STEPS = 400;
  private static final List<String> EDGES = List.of("a.1", "a.2", "b.1");

  @Test
  @DisplayName("store each record once and in order, and answer what is on the disk, also later")
  void walks() {
    long seed = Long.getLong("spillway.seed", System.nanoTime());
    for (int walk = 0; walk < WALKS; walk++) {
      try {
        new Walk(seed + walk).run();
      } catch (AssertionError | RuntimeException error) {
        throw new AssertionError("-Dspillway.seed=" + (seed + walk) + ": " + error, error);
      }
    }
  }

  /** What an edge has made, still holds, and was told. */
  private static final class Edge {
    private long made = 1;
    private long held = 1;
    private long sendNext = 1;
    private long answered = 1;
    private final TreeSet<Long> bad = new TreeSet<>();

    /** What no longer comes from the edge, or was kept aside. */
    private final TreeSet<Long> gone = new TreeSet<>();
  }

  private record Append(
      EdgeMark mark, String key, long first, int count, Runnable ok, Runnable no) {
    void settle(boolean stored) {
      (stored ? ok : no).run();
    }
  }

  private record Save(Runnable ok, Runnable no) {}

  /** One life of a store. */
  private static final class Walk {
    private final Random random;
    private final Map<String, Edge> edges = new HashMap<>();
    private final List<String> journal = new ArrayList<>();
    private final Deque<Append> appends = new ArrayDeque<>();

    /** What the journal will not store: all that waited when it failed, or came after. */
    private final Deque<Append> doomed = new ArrayDeque<>();

    private final Deque<Save> saves = new ArrayDeque<>();
    private boolean down;
    private EdgeMarks marks = new EdgeMarks();
    private Checkpoint saved = marks.checkpoint();
    private Checkpoint saving;

    Walk(long seed) {
      random = new Random(seed);
      EDGES.forEach(key -> edges.put(key, new Edge()));
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        something(EDGES.get(random.nextInt(EDGES.size())));
        check();
      }
      settle();
      check();
      EDGES.forEach(key -> assertThat(marks.of(key).durable()).isEqualTo(edges.get(key).made));
    }

    private void something(String key) {
      Edge edge = edges.get(key);
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> sendOn(key, edge);
        case 4 -> send(key, edge, edge.held + random.nextInt(6), 1 + random.nextInt(6));
        case 5 -> hello(key, edge);
        case 6 -> {
          edge.held = Math.min(edge.made, edge.held + random.nextInt(5));
          drop(edge);
        }
        case 7, 8, 9 -> commit();
        case 10 -> writeCheckpoint(random.nextInt(5) > 0);
        case 11 -> plain();
        case 12 -> resume();
        default -> rarely();
      }
    }

    private void rarely() {
      switch (random.nextInt(6)) {
        case 0 -> failJournal();
        case 1 -> crash();
        case 2 -> save(() -> {}, () -> {});
        default -> {}
      }
    }

    // --- an edge

    private void sendOn(String key, Edge edge) {
      for (int n = random.nextInt(4); n > 0; n--) {
        if (random.nextInt(12) == 0) {
          edge.bad.add(edge.made);
        }
        edge.made++;
      }
      int count = (int) Math.min(edge.made - edge.sendNext, 1 + random.nextInt(6));
      send(key, edge, edge.sendNext, count);
      edge.sendNext += count;
    }

    private void send(String key, Edge edge, long first, int count) {
      int has = (int) Math.min(count, edge.made - first);
      if (has > 0 && first >= edge.held) {
        sequenced(marks, key, first, has);
      }
    }

    private void hello(String key, Edge edge) {
      EdgeMark mark = marks.of(key);
      begin(marks, mark, edge, edge.held, mark.submitted());
    }

    /** The records below what an edge holds do not come again. */
    private static void drop(Edge edge) {
      for (long seq = 1; seq < edge.held; seq++) {
        edge.gone.add(seq);
      }
    }

    private void answered(EdgeMarks by, Edge edge, EdgeMark mark) {
      if (by == marks) {
        edge.answered = Math.max(edge.answered, mark.durable());
      }
    }

    // --- what the store does, without its futures

    private void begin(EdgeMarks by, EdgeMark mark, Edge edge, long first, long upTo) {
      if (by != marks) {
        return; // it has crashed since
      }
      switch (mark.opening(first, upTo)) {
        case WAIT -> mark.whenSettled(() -> begin(by, mark, edge, first, upTo));
        case KNOWN -> welcome(by, edge, mark);
        case STEP -> {
          mark.take();
          mark.step(first);
          save(
              () -> {
                mark.stepped();
                welcome(by, edge, mark);
                mark.release();
              },
              () -> {
                mark.notStepped();
                mark.release();
              });
        }
      }
    }

    private void welcome(EdgeMarks by, Edge edge, EdgeMark mark) {
      answered(by, edge, mark);
      edge.sendNext = mark.durable();
    }

    private void sequenced(EdgeMarks by, String key, long first, int count) {
      if (by != marks || marks.isRefusing()) {
        return;
      }
      Edge edge = edges.get(key);
      EdgeMark mark = marks.of(key);
      switch (mark.judge(first, first + count)) {
        case WAIT, PENDING -> mark.whenSettled(() -> sequenced(by, key, first, count));
        case GAP -> edge.sendNext = mark.durable();
        case STORED -> answered(by, edge, mark);
        case FILLS -> {
          mark.take();
          piecewise(by, key, mark, first, first + count);
        }
        case NEXT -> {
          if (edge.bad.subSet(first, first + count).isEmpty()) {
            int known = mark.known(first, count);
            append(
                mark, key, first + known, count - known, () -> answered(by, edge, mark), () -> {});
          } else {
            mark.take();
            piecewise(by, key, mark, first, first + count);
          }
        }
      }
    }

    /** One record after the other, so that there is much to come in between. */
    private void piecewise(EdgeMarks by, String key, EdgeMark mark, long seq, long next) {
      Edge edge = edges.get(key);
      if (mark.isAppending()) {
        mark.whenSettled(() -> piecewise(by, key, mark, seq, next));
      } else if (seq > mark.submitted() || seq == next) {
        answered(by, edge, mark);
        mark.release();
      } else if (mark.known(seq, 1) == 1) {
        piecewise(by, key, mark, seq + 1, next);
      } else if (edge.bad.contains(seq)) {
        edge.gone.add(seq);
        mark.step(seq + 1);
        save(
            () -> {
              mark.stepped();
              piecewise(by, key, mark, seq + 1, next);
            },
            () -> {
              mark.notStepped();
              mark.release();
            });
      } else {
        append(mark, key, seq, 1, () -> piecewise(by, key, mark, seq + 1, next), mark::release);
      }
    }

    private void append(
        EdgeMark mark, String key, long first, int count, Runnable ok, Runnable no) {
      if (marks.isRefusing()) {
        no.run();
      } else {
        (down ? doomed : appends).add(new Append(mark, key, first, count, ok, no));
        marks.submitted(mark, count);
      }
    }

    private void plain() {
      append(null, "-", 0, 1, () -> {}, () -> {});
    }

    // --- the disk

    private void commit() {
      if (!doomed.isEmpty()) {
        Append failed = doomed.poll();
        marks.failed(failed.mark());
        failed.settle(false);
        return;
      }
      Append append = appends.poll();
      if (append != null) {
        int offset = journal.size() + 1;
        for (int i = 0; i < append.count(); i++) {
          journal.add(append.key() + '.' + (append.first() + i));
        }
        marks.stored(append.mark(), offset, append.count());
        append.settle(true);
      }
    }

    /** All that waits fails with the first one, but each is told by itself. */
    private void failJournal() {
      down = down || !appends.isEmpty();
      doomed.addAll(appends);
      appends.clear();
    }

    private void resume() {
      boolean resumed = marks.resume();
      assertThat(resumed).isEqualTo(appends.isEmpty() && doomed.isEmpty());
      down = down && !resumed;
    }

    private void save(Runnable ok, Runnable no) {
      saves.add(new Save(ok, no));
      if (saving == null) {
        saving = marks.checkpoint();
      }
    }

    private void writeCheckpoint(boolean works) {
      Save save = saves.poll();
      if (save == null) {
        return;
      }
      saved = works ? saving : saved;
      saving = null;
      (works ? save.ok() : save.no()).run();
      if (saving == null && !saves.isEmpty()) {
        saving = marks.checkpoint();
      }
    }

    /** Only what is on the disk stays; of what was being written perhaps a part. */
    private void crash() {
      if (saving != null && random.nextBoolean()) {
        saved = saving;
      }
      for (int n = random.nextInt(3); n > 0 && !appends.isEmpty(); n--) {
        Append append = appends.poll();
        for (int i = 0; i < append.count(); i++) {
          journal.add(append.key() + '.' + (append.first() + i));
        }
      }
      appends.clear();
      doomed.clear();
      down = false;
      saves.clear();
      saving = null;
      marks = new EdgeMarks();
      marks.restore(saved);
      List<String> lines = new ArrayList<>();
      for (String id : journal.subList((int) saved.offset() - 1, journal.size())) {
        lines.add("{\"n\":1" + (id.startsWith("-") ? "" : ",\"_id\":\"" + id + '"') + '}');
      }
      marks.replay(Texts.lines(lines), false);
      marks.upToDate(journal.size() + 1);
      EDGES.forEach(
          key -> {
            Edge edge = edges.get(key);
            assertThat(marks.of(key).durable())
                .as("%s is not below what was answered", key)
                .isGreaterThanOrEqualTo(edge.answered);
            edge.sendNext = marks.of(key).durable();
          });
    }

    // --- what has to hold

    private void check() {
      Map<String, Long> last = new HashMap<>();
      Map<String, TreeSet<Long>> stored = new HashMap<>();
      EDGES.forEach(key -> stored.put(key, new TreeSet<>()));
      for (String id : journal) {
        String key = id.substring(0, Math.max(0, id.lastIndexOf('.')));
        if (edges.containsKey(key)) {
          long seq = Long.parseLong(id.substring(key.length() + 1));
          assertThat(seq).as("order of %s", id).isGreaterThan(last.getOrDefault(key, 0L));
          last.put(key, seq);
          stored.get(key).add(seq);
        }
      }
      for (String key : EDGES) {
        Edge edge = edges.get(key);
        for (long seq = 1; seq < marks.of(key).durable(); seq++) {
          assertThat(stored.get(key).contains(seq) || edge.gone.contains(seq))
              .as("%s.%d is below the mark", key, seq)
              .isTrue();
        }
      }
    }

    /** From now on all works: within so many turns everything has to be there. */
    private void settle() {
      for (int turn = 0; turn < 3_000 && !isDone(); turn++) {
        assertThat(turn).as("stuck").isLessThan(2_999);
        commit();
        writeCheckpoint(true);
        resume();
        String key = EDGES.get(turn % EDGES.size());
        Edge edge = edges.get(key);
        if (marks.of(key).isIdle()) {
          hello(key, edge);
          send(key, edge, Math.max(edge.held, marks.of(key).durable()), 6);
        }
      }
    }

    private boolean isDone() {
      return EDGES.stream().allMatch(key -> marks.of(key).durable() == edges.get(key).made);
    }
  }
}
