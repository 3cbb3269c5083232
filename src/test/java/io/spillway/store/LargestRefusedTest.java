package io.spillway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.message.Rejected;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The largest that could not be set aside")
class LargestRefusedTest {
  private final LargestRefused refused = new LargestRefused();

  private static List<Rejected> of(int bytes) {
    return List.of(new Rejected("t", 0, "why", new byte[bytes], bytes));
  }

  @Test
  @DisplayName("is not answered by smaller ones that can be, nor displaced by those that cannot")
  void smaller() {
    refused.refused(of(900));
    for (int request = 0; request < 3; request++) {
      assertThat(refused.kept(of(10))).isFalse();
      refused.refused(of(500));
      assertThat(refused.get().get(0).size()).isEqualTo(900);
    }
    refused.refused(of(1_000));
    assertThat(refused.kept(of(900))).isFalse();
  }

  @Test
  @DisplayName("is answered by one of its size that can be, and by several together")
  void answered() {
    refused.refused(of(900));
    assertThat(refused.kept(of(900))).isTrue();
    assertThat(refused.get()).isEmpty();
    refused.refused(List.of(of(900).get(0), of(900).get(0)));
    assertThat(refused.kept(of(900))).isFalse();
    assertThat(refused.kept(of(2_000))).isTrue();
  }

  @Test
  @DisplayName("is none where nothing was refused")
  void none() {
    assertThat(refused.kept(List.of())).isTrue();
    assertThat(refused.kept(of(1))).isTrue();
  }
}
