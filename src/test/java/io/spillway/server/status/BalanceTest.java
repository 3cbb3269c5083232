package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ledger of an edge")
class BalanceTest {
  private static final Map<String, Long> ALL =
      Map.of(
          "carried", 10L,
          "received", 100L,
          "rejected", 5L,
          "setAside", 2L,
          "dropped", 20L,
          "droppedOldest", 8L,
          "acknowledged", 60L,
          "queued", 40L);

  @Test
  @DisplayName("balances when all that came is stored, rejected, dropped, or waits")
  void balances() {
    Balance balance = Balance.of(ALL);
    assertThat(balance).isEqualTo(new Balance(125, 60, 5, 20, 40));
    assertThat(balance.difference()).isZero();
  }

  @Test
  @DisplayName("shows what is missing")
  void missing() {
    Map<String, Long> hole = new HashMap<>(ALL);
    hole.put("queued", 37L);
    assertThat(Balance.of(hole).difference()).isEqualTo(3);
    assertThat(Balance.of(hole).plus(Balance.of(ALL)).json().encode())
        .isEqualTo(
            "{\"received\":250,\"stored\":120,\"rejected\":10,\"dropped\":40,\"waiting\":77,"
                + "\"difference\":3}");
  }

  @Test
  @DisplayName("is not made up of half the counters")
  void older() {
    assertThat(Balance.of(Map.of("received", 5L))).isNull();
  }
}
