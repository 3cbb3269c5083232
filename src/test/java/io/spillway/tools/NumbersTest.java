package io.spillway.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.tools.Sequence.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Sets of numbers")
class NumbersTest {
  private static final int BITS = 6;

  @Test
  @DisplayName("are joined, taken from each other and cut as sets are: all pairs of sets of six")
  void likeSets() {
    for (int a = 0; a < 1 << BITS; a++) {
      for (int b = 0; b < 1 << BITS; b++) {
        assertThat(bits(numbers(a).plus(numbers(b)))).isEqualTo(a | b);
        assertThat(bits(numbers(a).minus(numbers(b)))).isEqualTo(a & ~b);
        assertThat(bits(numbers(a).and(numbers(b)))).isEqualTo(a & b);
      }
      for (int at = 1; at <= BITS + 1; at++) {
        int lower = (1 << (at - 1)) - 1;
        assertThat(bits(numbers(a).below(at))).isEqualTo(a & lower);
        assertThat(bits(numbers(a).from(at))).isEqualTo(a & ~lower);
      }
      assertThat(numbers(a).count()).isEqualTo(Integer.bitCount(a));
    }
  }

  @Test
  @DisplayName("are shown by the lowest few ranges")
  void few() {
    Numbers numbers = Numbers.of(List.of(new Range(9, 9), new Range(1, 2), new Range(3, 4)));
    assertThat(numbers.few(2)).isEqualTo("1-4, 9");
    assertThat(numbers.few(1)).isEqualTo("1-4, …");
    assertThat(numbers.first(7)).isEqualTo(1);
    assertThat(numbers.end()).isEqualTo(10);
    assertThat(Numbers.NONE.first(7)).isEqualTo(7);
    assertThat(Numbers.NONE.end()).isEqualTo(1);
  }

  private static Numbers numbers(int bits) {
    List<Range> ranges = new ArrayList<>();
    for (int bit = 0; bit < BITS; bit++) {
      if (((bits >> bit) & 1) != 0) {
        ranges.add(new Range(bit + 1, bit + 1));
      }
    }
    return Numbers.of(ranges);
  }

  /** Fails where ranges touch or are not in order. */
  private static long bits(Numbers numbers) {
    BitSet bits = new BitSet();
    long before = -1;
    for (Range range : numbers.ranges()) {
      assertThat(range.first()).isGreaterThan(before + 1);
      bits.set((int) range.first() - 1, (int) range.last());
      before = range.last();
    }
    return bits.isEmpty() ? 0 : bits.toLongArray()[0];
  }
}
