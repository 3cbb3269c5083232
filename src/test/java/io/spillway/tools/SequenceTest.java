package io.spillway.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sequence of one edge and epoch")
class SequenceTest {
  private static final int PLENTY = 1000;

  @Test
  @DisplayName("is clean when it counts up, wherever it begins")
  void clean() {
    Sequence sequence = of(PLENTY, 41, 42, 43);
    assertThat(sequence.isFaulty()).isFalse();
    assertThat(sequence.first()).isEqualTo(41);
    assertThat(sequence.last()).isEqualTo(43);
    assertThat(sequence.records()).isEqualTo(3);
  }

  @Test
  @DisplayName("names its gaps and counts what is missing")
  void gaps() {
    Sequence sequence = of(PLENTY, 1, 3, 7, 8);
    assertThat(sequence.gaps()).isEqualTo(2);
    assertThat(sequence.missing()).isEqualTo(4);
    assertThat(sequence.firstGaps()).hasToString("[2, 4-6]");
    assertThat(sequence.isFaulty()).isTrue();
  }

  @Test
  @DisplayName("tells a duplicate from a late record")
  void duplicateOrLate() {
    Sequence sequence = of(PLENTY, 1, 2, 4, 2, 4, 3, 3, 5);
    assertThat(sequence.duplicates()).isEqualTo(3);
    assertThat(sequence.outOfOrder()).isEqualTo(1);
    assertThat(sequence.gaps()).isZero();
  }

  @Test
  @DisplayName("takes a record from before the first one for late")
  void beforeFirst() {
    Sequence sequence = of(PLENTY, 10, 11, 8);
    assertThat(sequence.outOfOrder()).isEqualTo(1);
    assertThat(sequence.first()).isEqualTo(8);
    assertThat(sequence.firstGaps()).hasToString("[9]");
  }

  @Test
  @DisplayName("joins everything again when all late records have come, in any order")
  void shuffled() {
    List<Long> seqs = new ArrayList<>(LongStream.rangeClosed(1, 500).boxed().toList());
    Collections.shuffle(seqs, new Random(11));
    seqs.addAll(List.of(1L, 250L, 500L));
    Sequence sequence = of(PLENTY, seqs.stream().mapToLong(seq -> seq).toArray());
    assertThat(sequence.gaps()).isZero();
    assertThat(sequence.missing()).isZero();
    assertThat(sequence.duplicates()).isEqualTo(3);
    assertThat(sequence.records()).isEqualTo(503);
  }

  @Test
  @DisplayName("keeps counting gaps when its memory is full, and says what it can no longer tell")
  void settled() {
    Sequence sequence = of(2, 1, 3, 5, 7, 9, 2, 8, 7);
    assertThat(sequence.gaps()).isEqualTo(3);
    assertThat(sequence.missing()).isEqualTo(3);
    assertThat(sequence.firstGaps()).hasToString("[2, 4, 6]");
    assertThat(sequence.unplaced()).isEqualTo(1);
    assertThat(sequence.outOfOrder()).isEqualTo(1);
    assertThat(sequence.duplicates()).isEqualTo(1);
  }

  private static Sequence of(int rangesMax, long... seqs) {
    Sequence.Budget budget = new Sequence.Budget(rangesMax);
    budget.take();
    Sequence sequence = new Sequence(seqs[0], budget);
    LongStream.of(seqs).skip(1).forEach(sequence::add);
    return sequence;
  }
}
