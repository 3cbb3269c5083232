package io.spillway.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is not proven of a connection")
class UnprovenTest {
  private final Unproven unproven = new Unproven();

  @Test
  @DisplayName("has copies of a message until a ping behind its acknowledgement is answered")
  void copies() {
    unproven.read(7, 70);
    assertThat(unproven.isCopy(7, true, 70)).isTrue();
    assertThat(unproven.isCopy(7, false, 70)).isFalse();
    assertThat(unproven.isCopy(7, true, 71)).isFalse();
    assertThat(unproven.isCopy(8, true, 70)).isFalse();
    unproven.pinged();
    unproven.acknowledged(7);
    unproven.answered();
    assertThat(unproven.isCopy(7, true, 70)).isTrue();
    unproven.pinged();
    assertThat(unproven.isCopy(7, true, 70)).isTrue();
    unproven.answered();
    assertThat(unproven.isCopy(7, true, 70)).isFalse();
  }

  @Test
  @DisplayName("is nothing when all is acknowledged, and that is proven")
  void settled() {
    assertThat(unproven.isSettled()).isTrue();
    unproven.read(1, 1);
    unproven.read(2, 2);
    unproven.acknowledged(1);
    unproven.pinged();
    unproven.acknowledged(2);
    unproven.answered();
    assertThat(unproven.isSettled()).isFalse();
    unproven.pinged();
    unproven.answered();
    assertThat(unproven.isSettled()).isTrue();
  }

  @Test
  @DisplayName("asks for a ping when something was acknowledged since the last one")
  void wantsPing() {
    assertThat(unproven.wantsPing()).isFalse();
    unproven.read(1, 1);
    assertThat(unproven.wantsPing()).isFalse();
    unproven.acknowledged(1);
    assertThat(unproven.wantsPing()).isTrue();
    unproven.pinged();
    assertThat(unproven.wantsPing()).isFalse();
  }

  @Test
  @DisplayName("takes an identifier that is given again without the mark for a new message")
  void givenAgain() {
    unproven.read(1, 1);
    unproven.acknowledged(1);
    unproven.read(1, 1);
    unproven.pinged();
    unproven.answered();
    assertThat(unproven.isCopy(1, true, 1)).isTrue();
    assertThat(unproven.isSettled()).isFalse();
  }
}
