package io.spillway.sink;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.sink.Destination.Refused;
import java.util.Collections;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Where a database stands")
class StandingTest {
  private final Refused slow = new Refused(FaultKind.OTHER, "57014", "raise it", true);
  private final Standing standing = new Standing();

  @BeforeEach
  void open() {
    standing.opened("j", 1);
  }

  @Test
  @DisplayName("is known though attempts behind the first were made meanwhile with larger batches")
  void oldestAttempt() {
    unanswered(1, 6, 11);
    for (int attempt = 1; attempt <= PostgresDestination.CLOSING_MAX; attempt++) {
      standing.opened("j", 1); // the row is locked
      unanswered(1, 11 + attempt, 41 + attempt);
    }

    assertThat(standing.opened("j", 11)).isFalse();
    assertThat(standing.fault("db")).isEqualTo(Fault.NONE);
    assertThat(standing.lost().next()).isEqualTo(new SinkStep.Recall(1, 6, true));
    standing.lost().known(6);
    assertThat(standing.lost().next()).isEqualTo(new SinkStep.Recall(6, 11, true));
    standing.lost().known(11);
    assertThat(standing.lost().next()).isNull();
  }

  @Test
  @DisplayName("is still known of the oldest attempt if what it sent was sent again by all others")
  void sentAgain() {
    unanswered(1, 6, 11);
    for (int attempt = 1; attempt <= PostgresDestination.CLOSING_MAX; attempt++) {
      standing.opened("j", 1);
      unanswered(1, 6, 41 + attempt);
    }

    assertThat(standing.opened("j", 11)).isFalse();
  }

  @Test
  @DisplayName("is known of what is sent again each time, with ever more behind it")
  void sentAgainWithMore() {
    for (int attempt = 1; attempt <= 30; attempt++) {
      standing.opened("j", 1);
      unanswered(1, 6, 6 + attempt);
    }

    assertThat(standing.opened("j", 6)).isFalse();
  }

  @Test
  @DisplayName("was moved by somebody else where no attempt leads, and is told so")
  void moved() {
    unanswered(1, 6, 11);

    assertThat(standing.opened("j", 9)).isTrue();
    assertThat(standing.fault("db").words()).contains("from 1 to 9");
    assertThat(standing.lost().next()).isNull();
  }

  @Test
  @DisplayName("is asked for by halves where to look takes too long, and then for the rest")
  void halves() {
    unanswered(1, 9, 10);
    standing.opened("j", 10);
    LostAnswers lost = standing.lost();

    assertThat(lost.failed(slow)).isTrue();
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(1, 5, true));
    assertThat(lost.failed(new TimeoutException())).isFalse();
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(1, 3, true));
    lost.known(3);
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(3, 5, true));
    lost.known(4); // the journal gave no more
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(4, 6, true));
    lost.known(6);
    lost.known(8);
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(8, 9, true));
    lost.known(9);
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(9, 10, true));
  }

  @Test
  @DisplayName("is asked for no more after many questions in vain, and holds up nothing for ever")
  void givenUp() {
    unanswered(1, 9, 10);
    standing.opened("j", 10);
    LostAnswers lost = standing.lost();
    for (int i = 0; i < LostAnswers.FAILURES_MAX; i++) {
      assertThat(lost.next().isAsked()).isTrue();
      assertThat(lost.failed(slow)).isEqualTo(i < 3); // one alone waits, as a write does
    }

    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(1, 9, false));
    lost.known(9);
    assertThat(lost.next()).isEqualTo(new SinkStep.Recall(9, 10, true));
  }

  /** Two batches of one attempt. */
  private void unanswered(long from, long between, long next) {
    standing.unanswered(batch(from, between));
    standing.unanswered(batch(between, next));
  }

  private static SinkBatch batch(long from, long next) {
    String[] records = Collections.nCopies((int) (next - from), "{}").toArray(String[]::new);
    return new SinkBatch(from, from, lines(records));
  }
}
