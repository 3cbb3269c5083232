package io.spillway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.bus.RoleState;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The board of roles")
class RoleBoardTest {
  private long nowMs = 1_000;
  private final RoleBoard board = new RoleBoard(() -> nowMs);

  @Test
  @DisplayName("shows the last state of each role and instance")
  void last() {
    board.update(state("uplink", "pi", "no pong"));
    board.update(state("uplink", "pi", ""));
    board.update(state("uplink", "other", "refused"));
    assertThat(board.roles()).hasSize(2);
    assertThat(board.faults()).containsExactly("uplink other: refused");
    JsonObject pi = board.roles().getJsonObject(1);
    assertThat(pi.getString("instance")).isEqualTo("pi");
    assertThat(pi.getLong("acks")).isEqualTo(7);
    assertThat(pi.containsKey("fault")).isFalse();
  }

  @Test
  @DisplayName("forgets a role that is silent for ten seconds")
  void silent() {
    board.update(state("uplink", "pi", "no pong"));
    nowMs += RoleBoard.SILENT_AFTER_MS;
    assertThat(board.faults()).hasSize(1);
    nowMs += 1;
    assertThat(board.faults()).isEmpty();
    assertThat(board.roles()).isEmpty();
  }

  private static RoleState state(String role, String instance, String fault) {
    return new RoleState(role, instance, fault, Map.of("acks", 7L));
  }
}
