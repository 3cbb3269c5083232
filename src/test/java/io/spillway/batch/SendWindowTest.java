package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Flight.Sent;
import io.spillway.batch.SendWindow.Oversized;
import io.spillway.batch.SendWindow.Step;
import io.spillway.config.BatchConfig;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The send window")
class SendWindowTest {
  private static final BatchConfig BATCH = new BatchConfig(Duration.ofMillis(500), 10, 1_000);

  private long now = 1_000_000;
  private final DrainProgress progress = new DrainProgress(BATCH, now);
  private SendWindow window = new SendWindow(1, 1, BATCH, progress, now);

  // --- when a batch goes

  @Test
  @DisplayName("sends nothing while there is nothing")
  void nothing() {
    assertThat(step()).isEqualTo(Step.NOTHING);
  }

  @Test
  @DisplayName("sends a batch at once when it is full")
  void full() {
    append(10);
    assertThat(step()).isEqualTo(Step.READ);
    assertThat(window.position()).isEqualTo(1);
  }

  @Test
  @DisplayName("sends what fills no batch a linger time after its oldest record, not its youngest")
  void linger() {
    append(1);
    assertThat(step()).isEqualTo(Step.WAIT);
    assertThat(window.wakeAtMs(now)).isEqualTo(now + 500);
    now += 400;
    append(1);
    assertThat(step()).isEqualTo(Step.WAIT);
    assertThat(window.wakeAtMs(now)).isEqualTo(now + 100);
    now += 100;
    assertThat(step()).isEqualTo(Step.READ);
  }

  @Test
  @DisplayName(
      "sends at once what fills no batch when room is needed, and nothing that is not there")
  void hurry() {
    window.hurry(now);
    assertThat(step()).isEqualTo(Step.NOTHING);
    append(3);
    assertThat(step()).isEqualTo(Step.WAIT);
    window.hurry(now);
    assertThat(send(3).next()).isEqualTo(4);
    append(1);
    assertThat(step()).isEqualTo(Step.WAIT);
  }

  @Test
  @DisplayName("lets the rest behind a full batch wait for its own linger time")
  void lingerOfTheRest() {
    append(13);
    send(10);
    assertThat(step()).isEqualTo(Step.WAIT);
    assertThat(window.wakeAtMs(now)).isEqualTo(now + 500);
  }

  @Test
  @DisplayName("sends a backlog at once, batch after batch without waiting for answers")
  void pipelines() {
    append(30);
    assertThat(send(10).next()).isEqualTo(11);
    assertThat(send(10).next()).isEqualTo(21);
    assertThat(send(10).next()).isEqualTo(31);
    assertThat(step()).isEqualTo(Step.NOTHING);
  }

  @Test
  @DisplayName("reads one batch at a time")
  void oneReader() {
    append(30);
    assertThat(step()).isEqualTo(Step.READ);
    assertThat(step()).isEqualTo(Step.NOTHING);
    append(10);
    assertThat(step()).isEqualTo(Step.NOTHING);
  }

  @Test
  @DisplayName("has only so many batches on their way, and goes on with each answer")
  void batchesMax() {
    append(10_000);
    Sent first = send(10);
    for (int i = 1; i < Flight.BATCHES_MAX; i++) {
      send(10);
    }
    assertThat(step()).isEqualTo(Step.NOTHING);
    window.acknowledged(first, first.next(), now);
    assertThat(step()).isEqualTo(Step.READ);
  }

  @Test
  @DisplayName("has only so many bytes on their way")
  void bytesMax() {
    append(100);
    assertThat(step()).isEqualTo(Step.READ);
    Sent large = window.read(1, 1, Flight.BYTES_MAX, now);
    assertThat(step()).isEqualTo(Step.NOTHING);
    window.acknowledged(large, 2, now);
    assertThat(step()).isEqualTo(Step.READ);
  }

  @Test
  @DisplayName("tries again after a back-off when the spool cannot be read")
  void cannotRead() {
    append(10);
    assertThat(step()).isEqualTo(Step.READ);
    window.cannotRead(now);
    assertBacksOff();
    assertThat(send(10).first()).isEqualTo(1);
  }

  // --- what is acknowledged

  @Test
  @DisplayName("counts each record as acknowledged once, in whatever order the answers come")
  void acknowledges() {
    append(30);
    Sent first = send(10);
    Sent second = send(10);
    Sent third = send(10);
    assertThat(window.acknowledged(second, 21, now)).isEqualTo(20);
    assertThat(window.acknowledged(first, 11, now)).isZero();
    assertThat(window.acknowledged(third, 31, now)).isEqualTo(10);
    assertThat(window.acknowledged()).isEqualTo(31);
    assertThat(progress.done()).isEqualTo(30);
  }

  @Test
  @DisplayName("sends again at once what was given back of a batch, and counts no older answer")
  void inPart() {
    append(20);
    Sent first = send(10);
    Sent second = send(10);
    assertThat(window.acknowledged(first, 4, now)).isEqualTo(3);
    assertThat(send(10).first()).isEqualTo(4);
    assertThat(window.acknowledged(second, 4, now)).isZero();
    assertThat(window.position()).isEqualTo(14);
  }

  @Test
  @DisplayName("goes on where the server is if that is ahead of what was sent")
  void serverAhead() {
    append(30);
    Sent first = send(10);
    assertThat(window.acknowledged(first, 26, now)).isEqualTo(25);
    now += 500;
    assertThat(send(5).first()).isEqualTo(26);
  }

  @Test
  @DisplayName("learns from the first hello what the server has")
  void hello() {
    window = new SendWindow(1, 41, BATCH, progress, now);
    assertThat(window.acknowledged(31, now)).isEqualTo(30);
    assertThat(send(10).first()).isEqualTo(31);
  }

  @Test
  @DisplayName("takes what lies behind its end for nothing it has")
  void behindTheEnd() {
    append(5);
    assertThat(window.acknowledged(9, now)).isEqualTo(5);
    assertThat(window.acknowledged()).isEqualTo(6);
  }

  // --- what fails

  @Test
  @DisplayName("begins again behind the acknowledged records after a back-off when a batch fails")
  void fails() {
    append(30);
    Sent first = send(10);
    Sent second = send(10);
    Sent third = send(10);
    window.acknowledged(first, 11, now);
    window.failed(second, now);
    assertBacksOff();
    window.failed(third, now); // of before: changes nothing
    assertThat(send(10).first()).isEqualTo(11);
    assertThat(send(10).first()).isEqualTo(21);
  }

  @Test
  @DisplayName("begins again at once at a gap")
  void gap() {
    append(20);
    Sent first = send(10);
    send(10);
    window.gap(first, now);
    assertThat(send(10).first()).isEqualTo(1);
  }

  @Test
  @DisplayName("does not send what a read brings that was begun before a failure, and backs off")
  void readInVain() {
    append(20);
    Sent first = send(10);
    assertThat(step()).isEqualTo(Step.READ);
    window.failed(first, now);
    assertThat(step()).isEqualTo(Step.NOTHING);
    assertThat(window.read(11, 10, 100, now)).isNull();
    assertBacksOff();
    assertThat(send(10).first()).isEqualTo(1);
  }

  @Test
  @DisplayName("lets an answer from before a failure move the mark, and nothing else")
  void lateAnswer() {
    append(20);
    Sent first = send(10);
    Sent second = send(10);
    window.failed(first, now);
    assertThat(window.acknowledged(second, 21, now)).isEqualTo(20);
    assertThat(step()).isEqualTo(Step.NOTHING);
    append(10);
    assertBacksOff();
    assertThat(send(10).first()).isEqualTo(21);
  }

  // --- a record that is too large

  @Test
  @DisplayName("takes out only the record that is too large, and goes on with the next")
  void tooLarge() {
    append(20);
    Sent first = send(10);
    window.acknowledged(first, 4, now);
    Sent again = send(10);
    window.tooLarge(again, "too large", now);
    assertThat(step()).isEqualTo(Step.SET_ASIDE);
    assertThat(window.oversized()).isEqualTo(new Oversized(4, "too large"));
    assertThat(step()).isEqualTo(Step.NOTHING);
    assertThat(window.setAside(5, now)).isTrue();
    assertThat(progress.done()).isEqualTo(4);
    assertThat(send(10).first()).isEqualTo(5);
  }

  @Test
  @DisplayName("waits for a read that is under way before it takes a record out, and then goes on")
  void tooLargeWhileReading() {
    append(30);
    Sent first = send(10);
    assertThat(step()).isEqualTo(Step.READ);
    window.tooLarge(first, "too large", now);
    assertThat(step()).isEqualTo(Step.NOTHING);
    assertThat(window.read(11, 10, 100, now)).isNull();
    assertThat(step()).isEqualTo(Step.SET_ASIDE);
    assertThat(window.setAside(2, now)).isTrue();
    assertThat(send(10).first()).isEqualTo(2);
    assertThat(send(10).first()).isEqualTo(12);
  }

  @Test
  @DisplayName("sends a record again after a back-off that could not be set aside")
  void cannotSetAside() {
    append(10);
    window.tooLarge(send(10), "too large", now);
    assertThat(step()).isEqualTo(Step.SET_ASIDE);
    window.cannotSetAside(now);
    assertBacksOff();
    assertThat(send(10).first()).isEqualTo(1);
  }

  @Test
  @DisplayName("counts a record once that is dropped while it is set aside")
  void droppedWhileSetAside() {
    append(20);
    window.tooLarge(send(10), "too large", now);
    assertThat(step()).isEqualTo(Step.SET_ASIDE);
    assertThat(window.dropped(6, 5, now)).isEqualTo(5);
    assertThat(window.setAside(2, now)).isFalse();
    assertThat(send(10).first()).isEqualTo(6);
  }

  @Test
  @DisplayName("takes out no record in the place of one that was dropped before")
  void droppedBeforeSetAside() {
    append(20);
    Sent first = send(10);
    assertThat(step()).isEqualTo(Step.READ);
    window.tooLarge(first, "too large", now);
    window.dropped(6, 5, now);
    assertThat(window.read(11, 10, 100, now)).isNull();
    assertThat(send(10).first()).isEqualTo(6);
  }

  // --- what is lost

  @Test
  @DisplayName("goes on behind what the spool dropped, and counts what nobody had acknowledged")
  void dropped() {
    append(30);
    Sent first = send(10);
    window.acknowledged(first, 11, now);
    assertThat(window.dropped(6, 5, now)).isZero();
    assertThat(window.dropped(16, 10, now)).isEqualTo(5);
    assertThat(send(10).first()).isEqualTo(16);
  }

  @Test
  @DisplayName("does not hurry what is left behind a drop: it has not been on its way")
  void droppedYoung() {
    append(5);
    window.dropped(3, 2, now);
    assertThat(step()).isEqualTo(Step.WAIT);
    assertThat(window.wakeAtMs(now)).isEqualTo(now + 500);
  }

  @Test
  @DisplayName("passes a hole only when all before it is acknowledged")
  void hole() {
    append(30);
    Sent first = send(10);
    assertThat(step()).isEqualTo(Step.READ);
    assertThat(window.read(16, 10, 100, now)).isNull();
    assertBacksOff();
    assertThat(step()).isEqualTo(Step.READ);
    assertThat(window.read(16, 10, 100, now)).isNull();
    window.acknowledged(first, 11, now);
    assertBacksOff();
    assertThat(step()).isEqualTo(Step.READ);
    assertThat(window.read(16, 10, 100, now).first()).isEqualTo(16);
    assertThat(window.acknowledged()).isEqualTo(16);
  }

  @Test
  @DisplayName("gives up a hole that reaches to the end")
  void holeAtTheEnd() {
    append(10);
    assertThat(step()).isEqualTo(Step.READ);
    assertThat(window.read(11, 0, 0, now)).isNull();
    assertThat(window.acknowledged()).isEqualTo(11);
    assertThat(step()).isEqualTo(Step.NOTHING);
  }

  // --- the end

  @Test
  @DisplayName("waits for no batch to fill when it finishes, and sends nothing when it has stopped")
  void finishes() {
    append(3);
    assertThat(step()).isEqualTo(Step.WAIT);
    window.finish();
    send(3);
    append(3);
    window.stop();
    assertThat(step()).isEqualTo(Step.NOTHING);
  }

  // --- how it is

  @Test
  @DisplayName("lags from the last progress, or from when something began to wait")
  void lag() {
    now += 60_000;
    assertThat(progress.lagMs(0, now)).isZero();
    append(10);
    assertThat(progress.lagMs(10, now)).isZero();
    Sent sent = send(10);
    now += 700;
    assertThat(progress.lagMs(10, now)).isEqualTo(700);
    append(10);
    assertThat(progress.lagMs(20, now)).isEqualTo(700);
    window.acknowledged(sent, 11, now);
    assertThat(progress.lagMs(10, now)).isZero();
  }

  @Test
  @DisplayName("has nothing due that is young and fills no batch")
  void due() {
    append(3);
    assertThat(progress.due(3, now)).isZero();
    assertThat(progress.due(10, now)).isEqualTo(10);
    now += 500;
    assertThat(progress.due(3, now)).isEqualTo(3);
  }

  // --- what the tests are made of

  private long end = 1;

  private void append(int records) {
    end += records;
    window.appended(end, now);
  }

  private Step step() {
    return window.next(now);
  }

  /** Reads and sends a batch that has to be due. */
  private Sent send(int records) {
    assertThat(step()).isEqualTo(Step.READ);
    return window.read(window.position(), records, 100 * records, now);
  }

  private void assertBacksOff() {
    assertThat(step()).isEqualTo(Step.WAIT);
    assertThat(window.wakeAtMs(now)).isEqualTo(now + SendWindow.BACKOFF_MS);
    now += SendWindow.BACKOFF_MS;
  }
}
