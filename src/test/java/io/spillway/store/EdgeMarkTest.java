package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.store.EdgeMark.Opening;
import io.spillway.store.EdgeMark.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The mark of an edge")
class EdgeMarkTest {
  private final EdgeMark mark = new EdgeMark(10);

  // --- batches

  @Test
  @DisplayName("takes what joins, and of what overlaps the rest")
  void next() {
    assertThat(mark.judge(10, 15)).isEqualTo(Verdict.NEXT);
    assertThat(mark.known(10, 5)).isZero();
    assertThat(mark.judge(7, 12)).isEqualTo(Verdict.NEXT);
    assertThat(mark.known(7, 5)).isEqualTo(3);
  }

  @Test
  @DisplayName("takes the next batch while the one before is on its way to the disk")
  void pipelined() {
    mark.submitted(5);
    assertThat(mark.judge(15, 20)).isEqualTo(Verdict.NEXT);
    assertThat(mark.durable()).isEqualTo(10);
  }

  @Test
  @DisplayName("tells a gap by what is submitted")
  void gap() {
    assertThat(mark.judge(11, 15)).isEqualTo(Verdict.GAP);
    mark.submitted(5);
    assertThat(mark.judge(15, 16)).isEqualTo(Verdict.NEXT);
    assertThat(mark.judge(16, 17)).isEqualTo(Verdict.GAP);
  }

  @Test
  @DisplayName("knows a duplicate that is on the disk from one that is on its way there")
  void duplicate() {
    assertThat(mark.judge(5, 10)).isEqualTo(Verdict.STORED);
    mark.submitted(5);
    assertThat(mark.judge(10, 15)).isEqualTo(Verdict.PENDING);
    mark.stored(5);
    assertThat(mark.judge(10, 15)).isEqualTo(Verdict.STORED);
  }

  @Test
  @DisplayName("goes on behind what was stored, also if the failure behind it was told first")
  void failureToldFirst() {
    mark.submitted(5); // 10..14 are synced
    mark.submitted(5); // 15..19 are refused at once
    mark.failed();
    mark.stored(5);
    assertThat(mark.opening(15, 20)).isEqualTo(Opening.KNOWN);
    assertThat(mark.judge(15, 20)).isEqualTo(Verdict.NEXT);
    assertThat(mark.known(10, 10)).isEqualTo(5);
  }

  @Test
  @DisplayName("takes a batch anew that was on its way to the disk and failed")
  void failed() {
    mark.submitted(5);
    mark.submitted(5);
    mark.failed();
    assertThat(mark.judge(15, 20)).isEqualTo(Verdict.GAP);
    mark.failed();
    assertThat(mark.judge(10, 15)).isEqualTo(Verdict.NEXT);
    assertThat(mark.known(10, 5)).isZero();
  }

  @Test
  @DisplayName("fills a hole that damage has left, up to what is stored behind it")
  void hole() {
    for (long seq : new long[] {10, 12, 13, 16, 17}) {
      mark.found(seq);
    }
    assertThat(mark.durable()).isEqualTo(11);
    assertThat(mark.highest()).isEqualTo(18);
    assertThat(mark.judge(11, 12)).isEqualTo(Verdict.NEXT);
    assertThat(mark.judge(11, 13)).isEqualTo(Verdict.FILLS);
    assertThat(mark.room(11, 9)).isEqualTo(1);
    mark.submitted(1);
    mark.stored(1);
    assertThat(mark.durable()).isEqualTo(14);
    assertThat(mark.known(11, 9)).isEqualTo(3);
    mark.step(16);
    mark.stepped();
    assertThat(mark.durable()).isEqualTo(18);
    assertThat(mark.judge(18, 20)).isEqualTo(Verdict.NEXT);
  }

  // --- connections

  @Test
  @DisplayName("tells a new connection where it is")
  void known() {
    assertThat(mark.opening(1, mark.submitted())).isEqualTo(Opening.KNOWN);
    assertThat(mark.opening(10, mark.submitted())).isEqualTo(Opening.KNOWN);
  }

  @Test
  @DisplayName("lets a new connection wait for what an older one had submitted, and no longer")
  void openingWaits() {
    mark.submitted(5);
    long upTo = mark.submitted();
    assertThat(mark.opening(1, upTo)).isEqualTo(Opening.WAIT);
    mark.submitted(5);
    mark.stored(5);
    assertThat(mark.opening(1, upTo)).isEqualTo(Opening.KNOWN);
  }

  @Test
  @DisplayName("lets a new connection wait no longer when what the older one submitted has failed")
  void openingAfterFailure() {
    mark.submitted(5);
    long upTo = mark.submitted();
    mark.failed();
    assertThat(mark.opening(1, upTo)).isEqualTo(Opening.KNOWN);
  }

  @Test
  @DisplayName("steps only when nothing is on its way to the disk")
  void stepWaits() {
    mark.submitted(5);
    long upTo = mark.submitted();
    mark.submitted(5);
    mark.stored(5);
    assertThat(mark.opening(30, upTo)).isEqualTo(Opening.WAIT);
    mark.stored(5);
    assertThat(mark.opening(30, upTo)).isEqualTo(Opening.STEP);
  }

  // --- steps

  @Test
  @DisplayName("does not move for a step before that is written down, and has it in the checkpoint")
  void step() {
    mark.take();
    mark.step(30);
    assertThat(mark.durable()).isEqualTo(10);
    assertThat(mark.checkpoint()).isEqualTo(30);
    mark.stepped();
    mark.release();
    assertThat(mark.durable()).isEqualTo(30);
    assertThat(mark.judge(30, 31)).isEqualTo(Verdict.NEXT);
  }

  @Test
  @DisplayName("stays where it is when a step cannot be written down")
  void notStepped() {
    mark.take();
    mark.step(30);
    mark.notStepped();
    mark.release();
    assertThat(mark.checkpoint()).isEqualTo(10);
    assertThat(mark.judge(10, 11)).isEqualTo(Verdict.NEXT);
  }

  @Test
  @DisplayName("keeps other requests waiting while one has it, also a second connection")
  void taken() {
    mark.take();
    assertThat(mark.judge(10, 15)).isEqualTo(Verdict.WAIT);
    assertThat(mark.judge(1, 5)).isEqualTo(Verdict.WAIT);
    assertThat(mark.opening(1, 10)).isEqualTo(Opening.WAIT);
    mark.release();
    assertThat(mark.judge(10, 15)).isEqualTo(Verdict.NEXT);
  }

  @Test
  @DisplayName("calls those who wait in the order in which they came, each time something settles")
  void waiting() {
    List<String> called = new ArrayList<>();
    mark.submitted(1);
    mark.whenSettled(
        () -> {
          called.add("first");
          mark.whenSettled(() -> called.add("first again"));
        });
    mark.whenSettled(() -> called.add("second"));
    mark.stored(1);
    assertThat(called).containsExactly("first", "second");
    mark.take();
    mark.release();
    assertThat(called).containsExactly("first", "second", "first again");
    assertThat(mark.isIdle()).isTrue();
  }
}
