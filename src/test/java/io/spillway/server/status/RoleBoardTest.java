package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.bus.Fault;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.kit.ManualTime;
import io.spillway.server.status.Health.Level;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The board of roles")
class RoleBoardTest {
  private static final Health OK = new Health(Level.OK, List.of());

  private final ManualTime time = new ManualTime(1_000);
  private final RoleBoard board = new RoleBoard(time, Duration.ofSeconds(15));

  @Test
  @DisplayName("does not take it for well when no role has ever said how it is")
  void nothingHeard() {
    assertThat(board.health()).as("they have had no time to").isEqualTo(OK);
    time.pass(Duration.ofSeconds(11));
    board.tick();
    assertThat(board.health().isFailing()).as("the machine was asleep").isFalse();
    for (int second = 0; second < 11; second++) {
      time.pass(Duration.ofSeconds(1));
      board.tick();
    }
    assertThat(board.health().isFailing()).isTrue();
    assertThat(board.health().faults()).containsExactly(Health.SILENCE);
    board.update(state("uplink", "pi", "", 0, 0));
    assertThat(board.health()).isEqualTo(OK);
  }

  @Test
  @DisplayName("shows the last state of each role and instance")
  void last() {
    board.update(state("uplink", "pi", "no pong", 2, 1));
    board.update(state("uplink", "pi", "", 1, 2));
    board.update(state("uplink", "other", "refused", 0, 0));
    assertThat(board.roles()).hasSize(2);
    assertThat(board.health().faults()).containsExactly("uplink other: refused");
    JsonObject pi = board.roles().getJsonObject(1);
    assertThat(pi.getString("instance")).isEqualTo("pi");
    assertThat(pi.getLong("acks")).isEqualTo(7);
    assertThat(pi.getLong("waiting")).isEqualTo(1);
    assertThat(pi.getLong("done")).isEqualTo(2);
    assertThat(pi.containsKey("fault")).isFalse();
  }

  // --- progress

  @Test
  @DisplayName("fails a role that has work and finishes none, with how much and for how long")
  void stalled() {
    seconds(15, state("batcher", "attic", "", 1_234, 5));
    assertThat(board.health()).isEqualTo(OK);
    seconds(3, state("batcher", "attic", "", 1_300, 5));
    assertThat(board.health())
        .isEqualTo(failing("batcher attic: 1,300 waiting, none done for 17 s"));
  }

  @Test
  @DisplayName("is content as soon as a role has finished something, or has nothing to do")
  void progress() {
    seconds(60, state("batcher", "attic", "", 10, 5));
    assertThat(board.health().isFailing()).isTrue();
    seconds(1, state("batcher", "attic", "", 10, 6));
    assertThat(board.health()).isEqualTo(OK);
    seconds(60, state("batcher", "attic", "", 0, 6));
    assertThat(board.health()).isEqualTo(OK);
    seconds(15, state("batcher", "attic", "", 10, 6));
    assertThat(board.health()).as("work that came a moment ago").isEqualTo(OK);
    seconds(2, state("batcher", "attic", "", 10, 0));
    assertThat(board.health()).as("a role that was started anew").isEqualTo(OK);
  }

  @Test
  @DisplayName("is content for ever with a role that always has work and always finishes some")
  void busy() {
    for (int i = 0; i < 100; i++) {
      seconds(10, state("store", "x", "", 100, i));
      assertThat(board.health()).isEqualTo(OK);
    }
  }

  // --- faults

  @Test
  @DisplayName("calls a fault degraded while it is young, and failing when it has lasted")
  void fault() {
    seconds(15, state("uplink", "pi", "no pong", 0, 0));
    assertThat(board.health()).isEqualTo(new Health(Level.DEGRADED, List.of("uplink pi: no pong")));
    assertThat(board.health().status()).isEqualTo("degraded");
    seconds(1, state("uplink", "pi", "refused", 0, 0));
    assertThat(board.health()).as("another reason").isEqualTo(failing("uplink pi: refused"));
    seconds(1, state("uplink", "pi", "", 0, 0));
    assertThat(board.health()).isEqualTo(OK);
    seconds(15, state("uplink", "pi", "no pong", 0, 0));
    assertThat(board.health().isFailing()).as("a new fault").isFalse();
  }

  @Test
  @DisplayName("is as bad as its worst role")
  void worst() {
    seconds(20, state("store", "x", "disk full", 0, 0));
    seconds(1, state("store", "x", "disk full", 0, 0), state("source", "pi", "no broker", 0, 0));
    assertThat(board.health()).isEqualTo(failing("source pi: no broker", "store x: disk full"));
  }

  // --- silence

  @Test
  @DisplayName("forgets a role of another process that is silent for ten seconds")
  void gone() {
    board.update(elsewhere("uplink", "no pong"));
    seconds(10);
    assertThat(board.health().faults()).hasSize(1);
    seconds(1);
    assertThat(board.health()).isEqualTo(OK);
    assertThat(board.roles()).isEmpty();
  }

  @Test
  @DisplayName("fails a role of its own process that is silent while it looks")
  void silent() {
    board.update(state("store", "x", "", 0, 0));
    seconds(15, state("uplink", "pi", "", 0, 0));
    assertThat(board.health()).isEqualTo(OK);
    seconds(2, state("uplink", "pi", "", 0, 0));
    assertThat(board.health()).isEqualTo(failing("store x: silent for 17 s"));
    seconds(1, state("store", "x", "", 0, 0));
    assertThat(board.health()).isEqualTo(OK);
  }

  @Test
  @DisplayName("blames nobody for the time in which it was asleep itself")
  void asleep() {
    seconds(5, state("store", "x", "slow disk", 0, 0), state("batcher", "pi", "", 9, 0));
    time.pass(Duration.ofHours(1));
    assertThat(board.health().status()).as("asked before its own tick").isEqualTo("degraded");
    seconds(10, state("store", "x", "slow disk", 0, 0), state("batcher", "pi", "", 9, 0));
    assertThat(board.health().status()).isEqualTo("degraded");
    seconds(10, state("store", "x", "slow disk", 0, 0), state("batcher", "pi", "", 9, 0));
    assertThat(board.health().faults())
        .as("and begins to count anew")
        .hasSize(2)
        .anyMatch(words -> words.startsWith("batcher pi: 9 waiting, none done for "));
  }

  // --- figures

  @Test
  @DisplayName("is shown in figures, and a role that is gone is gone from them")
  void metrics() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    HealthMetrics metrics = new HealthMetrics(board, registry);
    board.update(elsewhere("uplink", "no pong"));
    board.update(state("batcher", "pi", "", 9, 0));
    metrics.update();
    assertThat(registry.get("spillway.health").gauge().value()).isZero();
    assertThat(registry.get("spillway.role.waiting").gauges()).hasSize(2);

    seconds(11, state("batcher", "pi", "", 4, 5));
    metrics.update();
    assertThat(registry.get("spillway.health").gauge().value()).isEqualTo(1);
    assertThat(registry.get("spillway.role.waiting").gauges())
        .singleElement()
        .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(4))
        .satisfies(gauge -> assertThat(gauge.getId().getTag("role")).isEqualTo("batcher"));
  }

  /** So many seconds go by, and in each of them these roles say how they are. */
  private void seconds(int count, RoleState... states) {
    for (int i = 0; i < count; i++) {
      time.pass(Duration.ofSeconds(1));
      for (RoleState state : states) {
        board.update(state);
      }
      board.tick();
    }
  }

  private static Health failing(String... faults) {
    return new Health(Level.FAILING, List.of(faults));
  }

  private static RoleState state(
      String role, String instance, String fault, long waiting, long done) {
    return new RoleState(
        role, instance, Fault.told("other", fault), waiting, done, Map.of("acks", 7L));
  }

  private static RoleState elsewhere(String role, String fault) {
    return new RoleState(
        role, "pi", "another process", Fault.told("other", fault), 0, 0, Map.of(), LastFault.NONE);
  }
}
