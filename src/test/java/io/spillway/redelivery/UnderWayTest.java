package io.spillway.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is under way to an edge")
class UnderWayTest {
  private static final long ONE = 1;
  private static final long OTHER = 2;

  @Test
  @DisplayName("has a copy of a message whose identifier was released a second time before it")
  void copyBehindSecondRelease() {
    UnderWay underWay = new UnderWay();
    underWay.connected(true, false);
    underWay.held(3, false, ONE);
    underWay.released(3);
    underWay.completed(3);
    underWay.released(3); // the broker repeats it, and then reads the answer to the first

    assertThat(underWay.isCopy(3, false, OTHER)).isFalse();
    assertThat(underWay.isCopy(3, true, OTHER)).isTrue();
  }
}
