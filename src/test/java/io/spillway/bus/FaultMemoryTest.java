package io.spillway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of a fault")
class FaultMemoryTest {
  private final FaultMemory memory = new FaultMemory();

  @Test
  @DisplayName("is empty while nothing was wrong")
  void none() {
    assertThat(memory.at(Fault.NONE, 1_000)).isEqualTo(LastFault.NONE);
  }

  @Test
  @DisplayName("knows since when a fault lasts, whatever it is called in the meantime")
  void lasting() {
    memory.at(fault("closed"), 1_000);
    assertThat(memory.at(fault("refused"), 4_000))
        .isEqualTo(new LastFault(fault("refused"), 3_000, 0));
  }

  @Test
  @DisplayName("keeps a fault that is mended, until there is another one")
  void mended() {
    memory.at(fault("refused"), 1_000);
    assertThat(memory.at(Fault.NONE, 5_000)).isEqualTo(new LastFault(fault("refused"), 4_000, 1));
    assertThat(memory.at(Fault.NONE, 9_000))
        .isEqualTo(new LastFault(fault("refused"), 8_000, 4_000));
    assertThat(memory.at(fault("disk full"), 10_000))
        .isEqualTo(new LastFault(fault("disk full"), 0, 0));
  }

  private static Fault fault(String words) {
    return new Fault(FaultKind.CUT, words);
  }
}
