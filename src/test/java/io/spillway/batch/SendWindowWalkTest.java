package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Flight.Sent;
import io.spillway.batch.SendWindow.Oversized;
import io.spillway.batch.SendWindow.Step;
import io.spillway.config.BatchConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random walks with a printed seed: a spool and a server that are plain lists, and between them
 * everything that can happen. What one seed does is the same each time.
 */
@DisplayName("The send window, on random walks")
class SendWindowWalkTest {
  private static final int WALKS = 300;
  private static final int STEPS = 400;
  private static final BatchConfig BATCH = new BatchConfig(Duration.ofMillis(500), 5, 1_000);

  @Test
  @DisplayName("brings each record to the server once and in order, but for dropped and set aside")
  void walks() {
    long seed = Long.getLong("spillway.seed", System.nanoTime());
    for (int walk = 0; walk < WALKS; walk++) {
      Walk one = new Walk(seed + walk);
      try {
        one.run();
      } catch (AssertionError | RuntimeException error) {
        throw new AssertionError("-Dspillway.seed=" + (seed + walk) + ": " + error, error);
      }
    }
  }

  /** One life of a spool and a server. */
  private static final class Walk {
    private final Random random;

    /** What the server has stored, in the order in which it did. */
    private final List<Long> stored = new ArrayList<>();

    private final TreeSet<Long> setAside = new TreeSet<>();
    private final TreeSet<Long> dropped = new TreeSet<>();
    private final TreeSet<Long> tooLarge = new TreeSet<>();

    /** On their way to the server, and on their way back. */
    private final Deque<Sent> outbound = new ArrayDeque<>();

    private final Deque<Runnable> inbound = new ArrayDeque<>();

    private SendWindow window;
    private long nowMs = 5;
    private long first = 1;
    private long next = 1;
    private long mark = 1;
    private boolean reading;
    private long readingFrom;
    private Oversized settingAside;
    private long counted;
    private long setAsideCount;
    private long droppedCount;
    private long carried;
    private long begunAt = 1;

    Walk(long seed) {
      random = new Random(seed);
      window = open(1);
    }

    private SendWindow open(long acknowledged) {
      return new SendWindow(acknowledged, next, BATCH, new DrainProgress(BATCH, nowMs), nowMs);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        something();
        act();
        check();
      }
      settle();
      List<Long> expected =
          LongStream.range(1, next)
              .boxed()
              .filter(n -> !setAside.contains(n) && !dropped.contains(n))
              .toList();
      assertThat(stored).isEqualTo(expected);
      assertThat(window.acknowledged()).isEqualTo(next);
    }

    private void something() {
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> append();
        case 3 -> nowMs += random.nextInt(700);
        case 4, 5 -> finishReading();
        case 6 -> finishSettingAside(random.nextInt(4) > 0);
        case 7, 8 -> arrive();
        case 9, 10 -> answer();
        case 11 -> loseConnection();
        case 12 -> drop();
        default -> {
          if (random.nextInt(10) == 0) {
            crash();
          }
        }
      }
    }

    private void append() {
      for (int n = random.nextInt(8); n >= 0; n--) {
        if (random.nextInt(25) == 0) {
          tooLarge.add(next);
        }
        next++;
      }
      if (random.nextInt(4) > 0) { // else the disk has them, and nobody has been told yet
        window.appended(next, nowMs);
      }
    }

    private void act() {
      Step step = window.next(nowMs);
      if (step == Step.READ) {
        assertThat(reading || settingAside != null).as("two at once").isFalse();
        reading = true;
        readingFrom = window.position();
      } else if (step == Step.SET_ASIDE) {
        assertThat(reading || settingAside != null).as("two at once").isFalse();
        settingAside = window.oversized();
      } else if (step == Step.WAIT) {
        assertThat(window.wakeAtMs(nowMs)).isGreaterThan(nowMs);
      }
    }

    private void finishReading() {
      if (!reading) {
        return;
      }
      reading = false;
      if (random.nextInt(20) == 0) {
        window.cannotRead(nowMs);
        return;
      }
      long from = Math.max(readingFrom, first);
      int count = (int) Math.min(next - from, 1 + random.nextInt(5));
      Sent sent = window.read(from, count, count * 10, nowMs);
      if (sent != null) {
        assertThat(sent.first()).isGreaterThanOrEqualTo(first);
        outbound.add(sent);
      }
    }

    private void finishSettingAside(boolean works) {
      if (settingAside == null) {
        return;
      }
      long offset = settingAside.offset();
      settingAside = null;
      if (!works) {
        window.cannotSetAside(nowMs);
      } else if (offset < first) {
        assertThat(window.setAside(offset, nowMs)).isFalse();
      } else if (window.setAside(offset + 1, nowMs)) {
        assertThat(tooLarge).contains(offset);
        setAside.add(offset);
        setAsideCount++;
      }
    }

    /** The server gets one batch. It stores what joins, and answers, or the answer is lost. */
    private void arrive() {
      Sent sent = outbound.poll();
      if (sent == null) {
        return;
      }
      boolean hole = sent.first() > mark && !isGivenUp(mark, sent.first());
      if (hole) {
        inbound.add(() -> window.gap(sent, nowMs));
        return;
      }
      mark = Math.max(mark, sent.first());
      while (mark < sent.next() && !tooLarge.contains(mark)) {
        stored.add(mark++);
      }
      if (random.nextInt(12) == 0) {
        inbound.add(() -> window.failed(sent, nowMs));
      } else if (mark > sent.first()) {
        long have = mark;
        inbound.add(() -> counted += window.acknowledged(sent, have, nowMs));
      } else {
        inbound.add(() -> window.tooLarge(sent, "too large", nowMs));
      }
    }

    /** An edge says with each batch what it does not hold any more; there the server goes on. */
    private boolean isGivenUp(long from, long to) {
      return LongStream.range(from, to)
          .allMatch(n -> setAside.contains(n) || dropped.contains(n) || n < first);
    }

    private void answer() {
      if (!inbound.isEmpty()) {
        inbound.poll().run();
      }
    }

    /** What is on its way in either direction is lost, and the server says where it is. */
    private void loseConnection() {
      List<Sent> lost = new ArrayList<>(outbound);
      outbound.clear();
      while (!inbound.isEmpty()) { // the uplink answers before it hands out anything new
        answer();
      }
      lost.forEach(sent -> window.failed(sent, nowMs));
      counted += window.acknowledged(mark, nowMs);
    }

    /** The oldest records go, whatever is on its way. */
    private void drop() {
      if (random.nextInt(6) > 0) {
        return;
      }
      long to = Math.min(next, first + random.nextInt(12));
      long acknowledged = window.acknowledged();
      long lost = window.dropped(to, to - first, nowMs);
      assertThat(lost).isEqualTo(Math.max(0, to - Math.max(first, acknowledged)));
      for (long n = Math.max(first, acknowledged); n < to; n++) {
        if (n >= mark) { // else the server has it, although the edge does not know
          dropped.add(n);
        }
      }
      droppedCount += lost;
      mark = Math.max(mark, window.acknowledged());
      first = Math.max(first, to);
    }

    /** The edge begins anew from what is on its disk; the saved mark may be older. */
    private void crash() {
      long saved = Math.max(first, window.acknowledged() - random.nextInt(10));
      outbound.clear();
      inbound.clear();
      reading = false;
      settingAside = null;
      window = open(Math.min(saved, next));
      begunAt = next;
      carried = next - window.acknowledged();
      counted = 0;
      droppedCount = 0;
      setAsideCount = 0;
      window.acknowledged(mark, nowMs);
      counted += window.acknowledged() - (begunAt - carried);
    }

    /** The edge's balance, and that it lets go of nothing that the server has not. */
    private void check() {
      for (long n = first; n < window.acknowledged(); n++) {
        assertThat(n < mark || setAside.contains(n) || dropped.contains(n))
            .as("record %d was let go", n)
            .isTrue();
      }
      long waiting = next - window.acknowledged();
      assertThat(carried + next - begunAt)
          .as("carried + received = acknowledged + set aside + dropped + waiting")
          .isEqualTo(counted + setAsideCount + droppedCount + waiting);
      assertThat(new TreeSet<>(stored)).as("stored once").hasSameSizeAs(stored);
    }

    /** From now on all works: within so many turns everything has to be there. */
    private void settle() {
      window.appended(next, nowMs);
      window.finish();
      for (int turn = 0; window.acknowledged() < next; turn++) {
        assertThat(turn).as("stuck at %d of %d", window.acknowledged(), next).isLessThan(5_000);
        finishReading();
        finishSettingAside(true);
        arrive();
        answer();
        nowMs += 100;
        act();
      }
    }
  }
}
