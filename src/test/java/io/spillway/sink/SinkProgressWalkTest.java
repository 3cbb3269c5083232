package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Records;
import io.spillway.bus.StoredBatch;
import io.spillway.config.SinkConfig;
import io.spillway.message.Lines;
import io.spillway.retry.Backoff;
import io.spillway.sink.Destination.Refused;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A journal that grows and is cut off at its beginning, a database that refuses some records for
 * ever, goes away, answers late or never, and a process that stops or crashes; all from a seed.
 */
@DisplayName("A sink, whatever happens,")
class SinkProgressWalkTest {
  private static final int WALKS = Integer.getInteger("walks", 60);
  private static final int TURNS = 400;
  private static final int BATCH = 8;
  private static final String JOURNAL = "j";

  /** How a database keeps its position. */
  enum Kind {
    /** In the transaction of the rows, and only if it was where the sink left it; two at a time. */
    TRANSACTION,
    /** In a file, after the rows, whatever it was before; one at a time. */
    FILE
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("writes every record, or keeps it as a dead letter, before it passes over it")
  void settlesEverything(Kind kind) {
    long base = Long.getLong("seed", 20_261_125);
    for (int walk = 0; walk < WALKS; walk++) {
      World world = new World(kind, base + walk);
      try {
        world.walk();
      } catch (AssertionError | RuntimeException error) {
        throw new AssertionError("-Dseed=" + (base + walk) + " " + kind, error);
      }
    }
  }

  /** Something that happens to the process {@code run}, or to the database if that is 0. */
  private record Event(long atMs, long number, int run, Runnable what) {}

  private static final class World {
    private final Kind kind;
    private final Exception lost = new Exception("the connection is lost");
    private final Random random;
    private final SinkConfig config;
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparing(Event::number));
    private long nowMs = 10_000;
    private long number;

    // the journal
    private long oldest = 1;
    private long end = 1;
    private final Set<Long> deleted = new HashSet<>();

    // the database
    private long position;
    private final Set<Long> rows = new HashSet<>();
    private final Set<Long> told = new HashSet<>();
    private boolean away;
    private long answeredMs;
    private boolean ruled;
    private long ruledMs;

    // the disk
    private final Set<Long> deadLetters = new HashSet<>();
    private boolean keptTwice;
    private boolean diskFull;

    // the process
    private SinkProgress progress;
    private int run = 1;
    private final boolean restarts;
    private boolean healed;
    private long checked = 1;

    World(Kind kind, long seed) {
      this.kind = kind;
      random = new Random(seed);
      restarts = random.nextBoolean();
      config =
          new SinkConfig(
              BATCH,
              1 << 20,
              Duration.ofMillis(random.nextInt(100)),
              random.nextBoolean() ? 50 : 100,
              Duration.ofSeconds(1));
      start();
    }

    private void start() {
      Backoff backoff =
          new Backoff(
              Duration.ofMillis(20),
              Duration.ofSeconds(1),
              bound -> random.nextInt(Math.toIntExact(bound)));
      int inFlightMax = kind == Kind.TRANSACTION ? 2 : 1;
      progress = new SinkProgress(config, inFlightMax, backoff, nowMs);
    }

    void walk() {
      for (int turn = 0; turn < TURNS; turn++) {
        happen();
        pass();
      }
      heal();
      for (int turn = 0; turn < 20_000 && (position < end || progress.behind() > 0); turn++) {
        pass();
      }
      assertThat(position).as("position at the end").isEqualTo(end);
      assertThat(progress.position()).isEqualTo(end);
      for (long offset = 1; offset < end; offset++) {
        checkSettled(offset);
      }
      if (!restarts && kind == Kind.TRANSACTION) {
        assertThat(told).as("records that it was told of").containsAll(rows);
        assertThat(progress.standing().fault("x")).isEqualTo(Fault.NONE);
        assertThat(keptTwice).isFalse();
      }
    }

    /** What the sink has no say in. */
    private void happen() {
      int dice = random.nextInt(100);
      if (dice < 40) {
        append(1 + random.nextInt(3 * BATCH));
      } else if (dice < 46) {
        away = !away;
      } else if (dice < 48) {
        diskFull = !diskFull;
      } else if (dice < 49) {
        retention();
      } else if (dice < 50 && restarts) {
        crash();
      } else if (dice < 51 && restarts) {
        stop();
      } else if (dice < 53 && nowMs - ruledMs > 1_000) { // nobody does so twice a second
        ruled = !ruled;
        ruledMs = nowMs;
      }
    }

    private void append(int count) {
      StoredBatch batch = new StoredBatch(JOURNAL, end, some(count));
      end += count;
      if (random.nextInt(4) > 0) { // what is published may be lost
        later(random.nextInt(5), run, () -> progress.stored(batch, nowMs));
      }
    }

    private void retention() {
      long to = oldest + random.nextInt(Math.toIntExact(Math.min(30, end - oldest + 1)));
      for (; oldest < to; oldest++) {
        if (!rows.contains(oldest) && !deadLetters.contains(oldest)) {
          deleted.add(oldest);
        }
      }
    }

    private void crash() {
      run++;
      start();
    }

    private void stop() {
      progress.stop();
      while (!progress.isStopped()) {
        pass();
      }
      assertThat(progress.next(nowMs)).isInstanceOf(SinkStep.Wait.class);
      run++;
      start();
    }

    private void heal() {
      healed = true;
      away = false;
      diskFull = false;
      ruled = false;
      append(1);
      while (isRefused(end - 1) || isEmpty(end - 1)) { // what a rule refuses waits for another
        append(1);
      }
    }

    /** Time passes until the next event, or the sink wakes. */
    private void pass() {
      long wakeMs = nowMs + advance();
      Event event = events.peek();
      if (event == null || event.atMs() > wakeMs) {
        nowMs = wakeMs;
      } else {
        events.remove();
        nowMs = Math.max(nowMs, event.atMs());
        if (event.run() == 0 || event.run() == run) {
          event.what().run();
        }
      }
      advance();
      checkNothingPassedOver();
    }

    private long advance() {
      SinkStep step = progress.next(nowMs);
      while (!(step instanceof SinkStep.Wait wait)) {
        perform(step);
        step = progress.next(nowMs);
      }
      return wait.ms();
    }

    private void checkNothingPassedOver() {
      for (long passed = Math.max(position, progress.position()); checked < passed; checked++) {
        checkSettled(checked);
      }
    }

    /** Exactly where it belongs; what retention deleted first is nobody's fault. */
    private void checkSettled(long offset) {
      boolean written = rows.contains(offset);
      boolean kept = deadLetters.contains(offset);
      boolean right = isRefused(offset) ? kept && !written : written && !kept;
      if (!right && (written || kept || !deleted.contains(offset))) {
        throw new AssertionError("record " + offset + ": written " + written + ", kept " + kept);
      }
    }

    private static boolean isRefused(long offset) {
      return offset % 7 == 0 || offset % 50 < 3;
    }

    /** Beside those that a rule refuses. */
    private static boolean isEmpty(long offset) {
      return offset % 50 > 47;
    }

    // --- what the sink does

    private void perform(SinkStep step) {
      if (step instanceof SinkStep.Open) {
        open();
      } else if (step instanceof SinkStep.Read read) {
        read(read);
      } else if (step instanceof SinkStep.Write write) {
        write(write.batch());
      } else if (step instanceof SinkStep.Recall recall) {
        recall(recall);
      } else if (step instanceof SinkStep.Try one) {
        tryOut(one.batch());
      } else if (step instanceof SinkStep.Keep keep) {
        keep(keep.batch());
      } else {
        later(random.nextInt(30), run, () -> progress.closed(nowMs));
      }
    }

    private void open() {
      later(
          random.nextInt(20),
          run,
          () -> {
            progress.located(new Records(JOURNAL, end, Lines.NONE, oldest, end), nowMs);
            later(
                random.nextInt(50),
                run,
                () -> {
                  if (isAway()) {
                    progress.failed(lost);
                  } else {
                    progress.opened(position, nowMs);
                  }
                });
          });
    }

    private void read(SinkStep.Read read) {
      boolean slow = random.nextInt(20) == 0; // slower than a connection is opened again
      later(
          random.nextInt(slow ? 3_000 : 10),
          run,
          () -> {
            if (!healed && random.nextInt(30) == 0) {
              progress.unread(read, nowMs);
              return;
            }
            long first = Math.max(read.from(), oldest);
            int count = (int) Math.max(0, Math.min(BATCH, end - first));
            Records answer =
                new Records(JOURNAL, count == 0 ? end : first, some(count), oldest, end);
            progress.read(read, answer, nowMs);
          });
    }

    /** Written in the order of the calls; what fails may be told of sooner, or be written later. */
    private void write(SinkBatch batch) {
      long atMs = Math.max(answeredMs, nowMs + random.nextInt(30));
      answeredMs = atMs;
      int mine = run;
      boolean untold = !healed && random.nextInt(15) == 0;
      if (untold && random.nextBoolean()) { // timed out; the database comes to it or not
        later(random.nextInt(60), mine, () -> progress.unwritten(batch, lost));
        if (random.nextBoolean()) {
          later(atMs - nowMs + random.nextInt(500), 0, () -> apply(batch));
        }
        return;
      }
      later(
          atMs - nowMs,
          0,
          () -> {
            Exception error = isAway() ? lost : apply(batch);
            if (mine == run) {
              answer(batch, untold ? lost : error);
            }
          });
    }

    private void answer(SinkBatch batch, Exception error) {
      if (error == null) {
        progress.written(batch, nowMs);
        told(batch.first(), batch.next());
      } else {
        progress.unwritten(batch, error);
      }
    }

    private void recall(SinkStep.Recall batch) {
      later(
          random.nextInt(30),
          run,
          () -> {
            if (isAway()) {
              progress.unrecalled(lost);
              return;
            }
            progress.recalled(batch.next());
            told(batch.first(), batch.next());
            if (kind == Kind.TRANSACTION) {
              for (long offset = batch.first(); offset < batch.next(); offset++) {
                assertThat(rows).contains(offset);
              }
            }
          });
    }

    private void told(long first, long next) {
      for (long offset = first; offset < next; offset++) {
        told.add(offset);
      }
    }

    private Exception apply(SinkBatch batch) {
      if (kind == Kind.TRANSACTION && batch.from() != position) {
        return new Destination.NotMoved(new Fault(FaultKind.OTHER, "not where it was left"));
      }
      boolean refused = false;
      for (long offset = batch.first(); offset < batch.next(); offset++) {
        refused |= isRefused(offset) || ruled;
      }
      for (long offset = batch.first(); offset < batch.next(); offset++) {
        boolean partly = kind == Kind.FILE && random.nextBoolean();
        if (!isRefused(offset) && !ruled && (!refused || partly)) {
          rows.add(offset);
        }
      }
      if (refused) {
        return refusal(batch);
      }
      position = batch.next();
      return null;
    }

    private Refused refusal(SinkBatch batch) {
      return ruled || batch.first() % 50 < 3
          ? new Refused(FaultKind.OTHER, "refused", "drop constraint c")
          : new Refused("refused");
    }

    private void tryOut(SinkBatch one) {
      assertThat(one.lines().count()).isEqualTo(1);
      later(
          random.nextInt(30),
          run,
          () -> {
            if (isAway()) {
              progress.failed(one, lost);
            } else if (ruled || isRefused(one.first())) {
              progress.failed(one, refusal(one));
            } else {
              boolean isThere = kind == Kind.FILE && one.first() < one.from();
              progress.triedOut(!isEmpty(one.first()) && !isThere);
            }
          });
    }

    private void keep(SinkBatch batch) {
      assertThat(batch.lines().count()).isEqualTo(1);
      later(
          random.nextInt(20),
          run,
          () -> {
            if (diskFull) {
              progress.failed(batch, new java.io.IOException("no space left on device"));
            } else {
              keptTwice |= !deadLetters.add(batch.first());
              progress.kept();
            }
          });
    }

    private boolean isAway() {
      return away || (!healed && random.nextInt(40) == 0);
    }

    private void later(long ms, int of, Runnable what) {
      events.add(new Event(nowMs + ms, number++, of, what));
    }

    private static Lines some(int count) {
      return new Lines("\n".repeat(count).getBytes(java.nio.charset.StandardCharsets.UTF_8), count);
    }
  }
}
