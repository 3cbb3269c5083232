package io.spillway.sink;

import static io.spillway.message.Texts.lines;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of a sink")
class SinkProgressTest {
  private static final String JOURNAL = "j";
  private static final int BATCH = 4;
  private static final SinkConfig CONFIG =
      new SinkConfig(BATCH, 1 << 20, Duration.ofMillis(50), 50, Duration.ofSeconds(30));
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(15), bound -> bound - 1);
  private final Exception away = new Exception("away");
  private final Refused refused = new Refused("too hot");
  private final Refused byRule = new Refused(FaultKind.OTHER, "too hot", "drop constraint c");

  private SinkProgress progress;
  private long nowMs = 5_000;

  @BeforeEach
  void begin() {
    progress = new SinkProgress(CONFIG, 2, BACKOFF, nowMs);
  }

  // --- the connection

  @Test
  @DisplayName("opens, and goes on where the database stands")
  void opens() {
    open(8, 20);

    assertThat(next()).isEqualTo(new SinkStep.Read(8));
    assertThat(progress.behind()).isEqualTo(12);
    assertThat(progress.position()).isEqualTo(8);
  }

  @Test
  @DisplayName("waits as long as opening takes, and reads nothing meanwhile")
  void migration() {
    assertThat(next()).isEqualTo(new SinkStep.Open());
    progress.located(answer(1, 0, 1, 20), nowMs);
    nowMs += Duration.ofMinutes(50).toMillis();
    progress.stored(new StoredBatch(JOURNAL, 20, some(100)), nowMs);

    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
    assertThat(progress.state()).isEqualTo(SinkState.OPENING);
  }

  @Test
  @DisplayName("reads a journal that the database knows nothing of from its beginning, as no gap")
  void unknownJournal() {
    open(0, 20);

    SinkStep.Read read = read(1);
    assertThat(progress.read(read, answer(7, BATCH, 7, 20), nowMs)).isZero();
    assertThat(write()).isEqualTo("0 → 7..10");
  }

  @Test
  @DisplayName("reads everything again if the database stands beyond the end of the journal")
  void beyondTheEnd() {
    assertThat(next()).isEqualTo(new SinkStep.Open());
    progress.located(answer(20, 0, 3, 20), nowMs);
    progress.opened(90, nowMs);

    assertThat(progress.read(read(3), answer(3, BATCH, 3, 20), nowMs)).isZero();
    assertThat(write()).isEqualTo("90 → 3..6");
    assertThat(progress.position()).isEqualTo(90);
  }

  @Test
  @DisplayName("lets go of a connection that failed, and tries again, each time later")
  void backsOff() {
    for (long waitMs : new long[] {250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000}) {
      assertThat(next()).isEqualTo(new SinkStep.Open());
      progress.failed(away);
      assertThat(next()).isEqualTo(new SinkStep.Close(away));
      assertThat(next()).isInstanceOf(SinkStep.Wait.class);
      progress.closed(nowMs);
      assertThat(progress.isTryingAgain()).isTrue();
      assertThat(next()).isEqualTo(new SinkStep.Wait(waitMs));
      nowMs += waitMs;
    }
  }

  @Test
  @DisplayName("takes a connection for a good one when something is written, or nothing is to be")
  void worksAgain() {
    fail(8, 20);
    open(8, 20);
    assertThat(progress.isTryingAgain()).isTrue();
    progress.read(read(8), answer(8, BATCH, 1, 20), nowMs);
    progress.written(batch(), nowMs);
    assertThat(progress.isTryingAgain()).isFalse();

    progress = new SinkProgress(CONFIG, 2, BACKOFF, nowMs);
    fail(8, 20);
    open(20, 20);
    assertThat(progress.isTryingAgain()).isFalse();
  }

  // --- reading

  @Test
  @DisplayName("reads on while it writes, as far as the database takes batches at a time")
  void inFlight() {
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    SinkBatch first = batch();
    progress.read(read(5), answer(5, BATCH, 1, 20), nowMs);
    assertThat(write()).isEqualTo("5 → 5..8");
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);

    progress.written(first, nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Read(9));
  }

  @Test
  @DisplayName("asks the journal once at a time")
  void oneRead() {
    open(1, 20);
    read(1);

    progress.stored(new StoredBatch(JOURNAL, 20, some(100)), nowMs);
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
  }

  @Test
  @DisplayName("waits a while for more than a few records, and hears of no other host's")
  void lingers() {
    open(20, 20);
    progress.read(read(20), answer(20, 0, 1, 20), nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Wait(1_000));

    progress.stored(new StoredBatch("another", 500, some(100)), nowMs);
    assertThat(progress.behind()).isZero();
    progress.stored(new StoredBatch(JOURNAL, 20, some(1)), nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Wait(50));
    progress.stored(new StoredBatch(JOURNAL, 21, some(BATCH)), nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Read(20));
  }

  @Test
  @DisplayName("rests while it catches up and others send, one batch at a time")
  void throttled() {
    open(1, 100);
    progress.stored(new StoredBatch(JOURNAL, 100, some(1)), nowMs);
    progress.read(read(1), answer(1, BATCH, 1, 101), nowMs);
    SinkBatch first = batch();
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);

    nowMs += 30;
    progress.written(first, nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Wait(30));
    nowMs += 30;
    read(5);
  }

  @Test
  @DisplayName("tells once of records that retention deleted before they were read")
  void gap() {
    open(8, 20);
    assertThat(progress.read(read(8), answer(11, BATCH, 11, 20), nowMs)).isEqualTo(3);
    SinkBatch first = batch();
    assertThat(first.from()).isEqualTo(8);
    progress.failed(first, away);
    reopen(8, 20);
    assertThat(progress.read(read(8), answer(12, BATCH, 12, 20), nowMs)).isEqualTo(1);
    progress.written(batch(), nowMs);

    assertThat(progress.position()).isEqualTo(16);
  }

  @Test
  @DisplayName("tells at once, and once, that retention has deleted all there was")
  void gapToTheEnd() {
    open(8, 20);
    assertThat(progress.read(read(8), answer(20, 0, 20, 20), nowMs)).isEqualTo(12);
    nowMs += 1_000;
    assertThat(progress.read(read(8), answer(20, 0, 20, 20), nowMs)).isZero();
    nowMs += 1_000;
    assertThat(progress.read(read(8), answer(22, BATCH, 22, 26), nowMs)).isEqualTo(2);
    progress.written(batch(), nowMs);

    assertThat(progress.position()).isEqualTo(26);
  }

  @Test
  @DisplayName("has no use for an answer that comes when the place to read on from is another")
  void staleAnswer() {
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    SinkBatch first = batch();
    SinkStep.Read late = read(5);
    progress.failed(first, away);
    reopen(1, 20);
    SinkStep.Read again = read(1);

    progress.read(late, answer(5, BATCH, 1, 20), nowMs);
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
    progress.read(again, answer(1, BATCH, 1, 20), nowMs);
    assertThat(write()).isEqualTo("1 → 1..4");
  }

  @Test
  @DisplayName("asks a journal that cannot be read, or gives nothing of what it has, no sooner")
  void unreadable() {
    open(1, 20);
    progress.unread(read(1), nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Wait(1_000));
    nowMs += 1_000;
    progress.read(read(1), answer(20, 0, 1, 20), nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Wait(1_000));
  }

  // --- what fails

  @Test
  @DisplayName("awaits the outcome of all that is under way before it lets go of the connection")
  void settles() {
    SinkBatch[] two = twoBatches();
    progress.failed(two[0], away);
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
    assertThat(progress.state()).isEqualTo(SinkState.SETTLING);
    progress.failed(two[1], new Exception("not where it was left"));

    assertThat(next()).isEqualTo(new SinkStep.Close(away));
  }

  @Test
  @DisplayName("does not move over a batch that failed, whatever was written behind it")
  void neverOver() {
    SinkBatch[] two = twoBatches();
    progress.failed(two[0], away);
    progress.written(two[1], nowMs);

    assertThat(progress.position()).isEqualTo(1);
  }

  @Test
  @DisplayName("goes by the first batch in the journal, not by the one that was told of first")
  void firstCounts() {
    SinkBatch[] two = twoBatches();
    progress.failed(two[1], refused);
    progress.failed(two[0], away);
    assertThat(next()).isEqualTo(new SinkStep.Close(away));

    begin();
    two = twoBatches();
    progress.failed(two[1], refused);
    progress.failed(two[0], refused);
    assertThat(write()).isEqualTo("1 → 1..2");
  }

  @Test
  @DisplayName("halves a batch that is refused until the record is alone, and sets that aside")
  void divides() {
    divideToThird();
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
    assertThat(progress.position()).isEqualTo(3);

    progress.kept();
    assertThat(write()).isEqualTo("3 → 4..3"); // no record, but the step over it
    progress.written(last, nowMs);
    assertThat(progress.position()).isEqualTo(4);
    assertThat(write()).isEqualTo("4 → 4..4");
    progress.written(last, nowMs);
    assertThat(next()).isEqualTo(new SinkStep.Read(5));
    assertThat(progress.position()).isEqualTo(5);
  }

  @Test
  @DisplayName("tries again with a dead letter that cannot be kept; its record is not passed over")
  void cannotKeep() {
    SinkBatch record = divideToThird();
    progress.failed(record, new java.io.IOException("no space left on device"));
    reopen(3, 20);

    assertThat(progress.position()).isEqualTo(3);
    read(3);
  }

  @Test
  @DisplayName("keeps a dead letter once, also if the step over it could not be written")
  void keptOnce() {
    divideToThird();
    progress.kept();
    assertThat(write()).isEqualTo("3 → 4..3");
    progress.failed(last, away);
    reopen(3, 20);
    progress.read(read(3), answer(3, 1, 1, 20), nowMs);
    progress.failed(batch(), refused);

    assertThat(write()).isEqualTo("3 → 4..3");
  }

  @Test
  @DisplayName("does not halve what has no record")
  void refusedNothing() {
    divideToThird();
    progress.kept();
    assertThat(write()).isEqualTo("3 → 4..3");
    progress.failed(last, refused);

    assertThat(next()).isEqualTo(new SinkStep.Close(refused));
  }

  @Test
  @DisplayName("sets nothing aside while a rule refuses every record of a batch")
  void rule() {
    divideByRule();
    for (long other = 2; other <= 4; other++) {
      assertThat(next()).isInstanceOf(SinkStep.Try.class);
      progress.failed(last, byRule);
    }
    assertThat(next()).isEqualTo(new SinkStep.Close(byRule));
    assertThat(progress.position()).isEqualTo(1);
    progress.closed(nowMs);
    nowMs += 20_000;
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    progress.written(batch(), nowMs); // it was dropped
    assertThat(progress.position()).isEqualTo(5);
  }

  @Test
  @DisplayName("sets aside what a rule refuses still when another record would be taken")
  void oneByRule() {
    divideByRule();
    assertThat(next()).isInstanceOf(SinkStep.Try.class);
    progress.triedOut(true);
    assertThat(write()).isEqualTo("1 → 1..1");
    progress.failed(last, byRule);
    assertThat(next()).isEqualTo(new SinkStep.Keep(last, "too hot"));
  }

  @Test
  @DisplayName("writes what a rule has refused if it is gone when another record is tried out")
  void ruleIsGone() {
    divideByRule();
    assertThat(next()).isInstanceOf(SinkStep.Try.class);
    progress.triedOut(true);
    assertThat(write()).isEqualTo("1 → 1..1");
    progress.written(last, nowMs);
    assertThat(write()).isEqualTo("2 → 2..2");
  }

  @Test
  @DisplayName("waits for another record where the only one is refused by a rule")
  void aloneByRule() {
    open(1, 2);
    progress.read(read(1), answer(1, 1, 1, 2), nowMs);
    progress.failed(batch(), byRule);
    assertThat(next()).isEqualTo(new SinkStep.Close(byRule));
  }

  @Test
  @DisplayName("tries out the record first that was taken last, and so blames one that is alone")
  void aloneBesideTaken() {
    open(1, 2);
    progress.read(read(1), answer(1, 1, 1, 2), nowMs);
    SinkBatch taken = batch();
    progress.written(taken, nowMs);
    progress.located(answer(2, 0, 1, 3), nowMs);
    nowMs += 20_000;
    progress.read(read(2), answer(2, 1, 1, 3), nowMs);
    SinkBatch alone = batch();
    progress.failed(alone, byRule);
    assertThat(next())
        .isInstanceOfSatisfying(
            SinkStep.Try.class,
            step -> {
              assertThat(step.batch().first()).isEqualTo(1);
              assertThat(step.batch().from()).isEqualTo(2);
            });
    progress.triedOut(true);
    assertThat(write()).isEqualTo("2 → 2..2");
    progress.failed(last, byRule);
    assertThat(next()).isEqualTo(new SinkStep.Keep(last, "too hot"));
  }

  @Test
  @DisplayName("sets nothing aside while even the record would be refused that was taken last")
  void takenLastIsRefused() {
    Trial trial = new Trial();
    SinkBatch whole = new SinkBatch(1, 1, some(3));
    trial.written(whole);
    SinkBatch more = new SinkBatch(4, 4, some(3));
    trial.begin(more.limit(1), more);
    List<Long> tried = new ArrayList<>();
    for (SinkBatch one = trial.next(); one != null; one = trial.next()) {
      tried.add(one.first());
      trial.refused();
    }
    assertThat(tried).containsExactlyInAnyOrder(3L, 5L, 6L).startsWith(3L);
  }

  @Test
  @DisplayName("holds of what was taken the one record that it may try out, and no more")
  void holdsOneRecord() {
    SinkBatch whole = new SinkBatch(1, 1, some(1_000));
    SinkBatch more = new SinkBatch(1_001, 1_001, some(3));
    Trial trial = new Trial();
    trial.written(whole);
    trial.begin(more.limit(1), more);
    SinkBatch sample = trial.next();
    assertThat(sample.first()).isEqualTo(1_000);
    assertThat(sample.lines().count()).isEqualTo(1);
    Lines same = whole.skip(999).lines();
    assertThat(sample.lines().array())
        .isEqualTo(Arrays.copyOfRange(same.array(), same.from(), same.to()));
  }

  @Test
  @DisplayName("counts no record as refused by a rule that is refused for what is in it")
  void triedOnesAreBad() {
    Division division = new Division();
    SinkBatch whole = new SinkBatch(1, 1, some(100));
    division.begin(whole, byRule);
    while (division.next() instanceof SinkStep.Write) {
      division.refused(byRule);
    }
    for (int other = 1; other <= 99; other++) {
      assertThat(division.next()).as("try %d", other).isInstanceOf(SinkStep.Try.class);
      division.refused(refused);
    }
    assertThat(division.next()).isEqualTo(new SinkStep.Close(byRule));
  }

  @Test
  @DisplayName("blames no record because one that has nothing to be refused is not refused")
  void nothingToRefuse() {
    divideByRule();
    for (long other = 2; other <= 4; other++) {
      assertThat(next()).isInstanceOf(SinkStep.Try.class);
      progress.triedOut(false);
    }
    assertThat(next()).isEqualTo(new SinkStep.Close(byRule));
    assertThat(progress.position()).isEqualTo(1);
  }

  @Test
  @DisplayName("tries out another record in place of each that has nothing to be refused")
  void inPlaceOfEmpty() {
    for (int records = 2; records <= 300; records++) {
      SinkBatch whole = new SinkBatch(1, 1, some(records));
      Trial trial = new Trial();
      trial.begin(whole.limit(1), whole);
      Set<Long> tried = new TreeSet<>();
      int refused = 0;
      for (SinkBatch one = trial.next(); one != null; one = trial.next()) {
        assertThat(tried.add(one.first())).as("once, of %d", records).isTrue();
        if (one.first() % 50 == 0) {
          trial.refused();
          refused++;
        } else {
          trial.empty();
        }
      }
      assertThat(tried).hasSize(Math.min(records - 1, 256)).doesNotContain(1L);
      assertThat(refused).isLessThan(16);
    }
  }

  @Test
  @DisplayName("comes to try out each record of a batch, from attempt to attempt")
  void tryOut() {
    SinkBatch whole = new SinkBatch(1, 1, some(1_000));
    SinkBatch suspect = whole.skip(500).limit(1);
    Trial trial = new Trial();
    Set<Long> tried = new TreeSet<>();
    for (int attempt = 0; attempt < 100; attempt++) {
      trial.begin(suspect, whole);
      for (SinkBatch one = trial.next(); one != null; one = trial.next()) {
        assertThat(one.lines().count()).isEqualTo(1);
        assertThat(one.from()).isEqualTo(suspect.from());
        tried.add(one.first());
        trial.refused();
      }
    }
    assertThat(tried).hasSize(999).doesNotContain(suspect.first());
  }

  // --- the end

  @Test
  @DisplayName("begins nothing after a stop, and has stopped when all that is under way is settled")
  void stops() {
    SinkBatch[] two = twoBatches();
    progress.stop();
    progress.written(two[0], nowMs);
    assertThat(progress.isStopped()).isFalse();
    progress.failed(two[1], refused);

    assertThat(progress.isStopped()).isTrue();
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
  }

  @Test
  @DisplayName("reads and writes nothing when the database opens after a stop")
  void openedAfterStop() {
    assertThat(next()).isEqualTo(new SinkStep.Open());
    progress.stop();
    assertThat(progress.isStopped()).isTrue();
    progress.located(answer(1, 0, 1, 20), nowMs);
    progress.opened(1, nowMs);

    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
  }

  @Test
  @DisplayName("moves over a dead letter before it stops: else it would be kept again")
  void stopsBehindDeadLetter() {
    divideToThird();
    progress.stop();
    assertThat(progress.isStopped()).isFalse();
    progress.kept();
    assertThat(progress.isStopped()).isFalse();
    assertThat(write()).isEqualTo("3 → 4..3");
    progress.written(last, nowMs);

    assertThat(progress.isStopped()).isTrue();
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
  }

  // --- what it tells

  @Test
  @DisplayName("tells how many records wait and for how long")
  void lag() {
    open(1, 1);
    progress.stored(new StoredBatch(JOURNAL, 1, some(BATCH)), nowMs);
    progress.read(read(1), answer(1, BATCH, 1, 5), nowMs);
    SinkBatch batch = batch();
    assertThat(progress.behind()).isEqualTo(4);
    assertThat(progress.range().lagMs(nowMs + 700)).isEqualTo(700);

    progress.written(batch, nowMs + 700);
    assertThat(progress.behind()).isZero();
    assertThat(progress.range().lagMs(nowMs + 900)).isZero();
  }

  @Test
  @DisplayName("halves what takes too long, all of the batch, and sets no record aside for it")
  void tooMany() {
    Refused tooMany = new Refused(FaultKind.OTHER, "timeout", "raise it", true);
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    progress.failed(batch(), tooMany);
    assertThat(write()).isEqualTo("1 → 1..2");
    progress.failed(last, tooMany);
    assertThat(write()).isEqualTo("1 → 1..1");
    progress.written(last, nowMs);
    assertThat(write()).isEqualTo("2 → 2..2");
    progress.written(last, nowMs);
    assertThat(write()).isEqualTo("3 → 3..3"); // not both, which would take too long again
    progress.failed(last, tooMany);
    assertThat(next()).isEqualTo(new SinkStep.Close(tooMany));
  }

  // --- what was lost and what others do

  @Test
  @DisplayName("moves over two batches of which the second was told of first")
  void outOfOrder() {
    SinkBatch[] batches = twoBatches();
    progress.written(batches[1], nowMs);
    assertThat(progress.position()).isEqualTo(1);
    progress.written(batches[0], nowMs);

    assertThat(progress.position()).isEqualTo(9);
    assertThat(progress.behind()).isEqualTo(11);
  }

  @Test
  @DisplayName("asks for batches whose answer was lost and that are there, before it reads on")
  void recalls() {
    SinkBatch[] batches = twoBatches();
    progress.unwritten(batches[0], away);
    progress.unwritten(batches[1], away);
    reopen(9, 20);

    assertThat(next()).isEqualTo(new SinkStep.Recall(1, 5, true));
    assertThat(next()).isInstanceOf(SinkStep.Wait.class);
    progress.recalled(5);
    assertThat(next()).isEqualTo(new SinkStep.Recall(5, 9, true));
    progress.unrecalled(away);
    reopen(9, 20);
    assertThat(next()).isEqualTo(new SinkStep.Recall(5, 9, true));
    progress.recalled(9);
    assertThat(next()).isEqualTo(new SinkStep.Read(9));
    assertThat(progress.standing().fault("db")).isEqualTo(Fault.NONE);
  }

  @Test
  @DisplayName("asks only for what is there, and not for what was told of")
  void recallsWhatIsThere() {
    SinkBatch[] batches = twoBatches();
    progress.unwritten(batches[0], away);
    progress.written(batches[1], nowMs);
    reopen(9, 20);
    assertThat(next()).isEqualTo(new SinkStep.Recall(1, 5, true));
    progress.recalled(5);
    assertThat(next()).isEqualTo(new SinkStep.Read(9));

    begin();
    batches = twoBatches();
    progress.unwritten(batches[0], away);
    progress.unwritten(batches[1], away);
    reopen(1, 20);
    assertThat(next()).isEqualTo(new SinkStep.Read(1));
  }

  @Test
  @DisplayName("tells for good of a position that somebody else has moved forward, not of one back")
  void moved() {
    SinkBatch[] batches = twoBatches();
    progress.unwritten(batches[0], new Destination.NotMoved(Fault.NONE.as("kept")));
    progress.unwritten(batches[1], new Destination.NotMoved(Fault.NONE.as("kept")));
    reopen(5, 20); // where the first would have ended
    String told = progress.standing().fault("db").words();
    assertThat(told).contains("db: somebody else has moved next of journal j from 1 to 5");
    progress.read(read(5), answer(5, BATCH, 1, 20), nowMs);
    progress.written(batch(), nowMs);
    assertThat(progress.standing().fault("db").kind()).isEqualTo(FaultKind.LOST);

    begin();
    fail(5, 20);
    open(0, 20);
    assertThat(progress.standing().fault("db")).isEqualTo(Fault.NONE);
    assertThat(next()).isEqualTo(new SinkStep.Read(1));
  }

  // --- set-up

  private SinkBatch last;

  private SinkStep next() {
    return progress.next(nowMs);
  }

  private void open(long position, long end) {
    assertThat(next()).isEqualTo(new SinkStep.Open());
    progress.located(answer(end, 0, 1, end), nowMs);
    progress.opened(position, nowMs);
  }

  /** After a failure. */
  private void reopen(long position, long end) {
    assertThat(next()).isInstanceOf(SinkStep.Close.class);
    progress.closed(nowMs);
    nowMs += 20_000;
    open(position, end);
  }

  /** Opens, and fails at the first batch. */
  private void fail(long position, long end) {
    open(position, end);
    progress.read(read(position), answer(position, BATCH, 1, end), nowMs);
    progress.failed(batch(), away);
    assertThat(next()).isInstanceOf(SinkStep.Close.class);
    progress.closed(nowMs);
    nowMs += 20_000;
  }

  private SinkStep.Read read(long from) {
    SinkStep step = next();
    assertThat(step).isEqualTo(new SinkStep.Read(from));
    return (SinkStep.Read) step;
  }

  private SinkBatch batch() {
    last = ((SinkStep.Write) next()).batch();
    return last;
  }

  /** What is written next: where the database has to stand, and the first and last offset. */
  private String write() {
    SinkBatch batch = batch();
    return batch.from() + " → " + batch.first() + ".." + (batch.next() - 1);
  }

  /** Records 1 to 4 and 5 to 8 are on their way. */
  private SinkBatch[] twoBatches() {
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    SinkBatch first = batch();
    progress.read(read(5), answer(5, BATCH, 1, 20), nowMs);
    return new SinkBatch[] {first, batch()};
  }

  /** Of records 1 to 4 the third is refused; gives it as it is being kept. */
  private void divideByRule() {
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    progress.failed(batch(), byRule);
    assertThat(write()).isEqualTo("1 → 1..2");
    progress.failed(last, byRule);
    assertThat(write()).isEqualTo("1 → 1..1");
    progress.failed(last, byRule);
  }

  private SinkBatch divideToThird() {
    open(1, 20);
    progress.read(read(1), answer(1, BATCH, 1, 20), nowMs);
    progress.failed(batch(), refused);
    assertThat(write()).isEqualTo("1 → 1..2");
    progress.written(last, nowMs);
    assertThat(write()).isEqualTo("3 → 3..4");
    progress.failed(last, refused);
    assertThat(write()).isEqualTo("3 → 3..3");
    progress.failed(last, refused);
    SinkStep.Keep keep = (SinkStep.Keep) next();
    assertThat(keep.reason()).isEqualTo("too hot");
    return keep.batch();
  }

  private static Records answer(long first, int count, long oldest, long end) {
    return new Records(JOURNAL, first, some(count), oldest, end);
  }

  private static Lines some(int count) {
    return lines(Collections.nCopies(count, "{}").toArray(String[]::new));
  }
}
