package io.spillway.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spillway.kit.ManualTime;
import io.spillway.message.Texts;
import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An edge that does not come back")
class KnownEdgesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long START_MS = 1_764_122_400_000L;

  private final ManualTime time = new ManualTime(START_MS);
  private KnownEdges server = new KnownEdges(time, new SimpleMeterRegistry());

  @BeforeEach
  void leave() {
    server.connected("attic", "e").left((short) 1006, null);
  }

  @Test
  @DisplayName("is told with its true age, and forgotten in time, by a server restarted each day")
  void dailyRestarts() {
    for (int day = 1; day <= 30; day++) {
      run(22);
      restart(HOUR);
      run(1);
      if (day > 1) {
        assertThat(server.goneInWords(judge()))
            .singleElement()
            .asString()
            .contains("not heard of for " + day + " days");
      }
    }
    run(22);
    restart(HOUR);
    assertThat(server.links()).hasSize(1);
    run(2);
    restart(HOUR);
    assertThat(server.links()).isEmpty();
  }

  @Test
  @DisplayName("is forgotten after 30 days though the clock does not say so")
  void clockSetBack() {
    for (int day = 1; day <= 30; day++) {
      run(24);
      restart(Duration.ZERO);
      time.set(START_MS);
      assertThat(server.links()).hasSize(1);
    }
    run(1);
    assertThat(server.links()).isEmpty();
  }

  @Test
  @DisplayName("is not forgotten by a clock that is wrong for less than a day")
  void clockAhead() {
    run(48);
    restart(HOUR);
    long rightMs = time.wallMs();
    time.set(rightMs + Duration.ofDays(365).toMillis());
    run(5);
    restart(Duration.ZERO);
    run(5);
    assertThat(server.goneInWords(judge())).singleElement().asString().contains("367 days");
    time.set(rightMs + HOUR.multipliedBy(10).toMillis());
    run(1);
    assertThat(server.goneInWords(judge())).singleElement().asString().contains("2 days");
  }

  @Test
  @DisplayName("has its true age as soon as the clock is right that was not at the start")
  void clockBehind() {
    run(48);
    restart(Duration.ofDays(10));
    time.set(0);
    restart(Duration.ZERO);
    run(1);
    assertThat(server.goneInWords(judge())).singleElement().asString().contains("2 days");
    time.set(START_MS + Duration.ofDays(12).plus(HOUR).toMillis());
    run(1);
    assertThat(server.goneInWords(judge())).singleElement().asString().contains("12 days");
  }

  @Test
  @DisplayName("is gone when it is not heard of any more, though its connection seems to be open")
  void blackHole() {
    EdgeLink cellar = server.connected("cellar", "e");
    cellar.status(Texts.utf8(Wire.encode(new Status(List.of()))));
    time.pass(Duration.ofSeconds(18));
    cellar.heard();
    time.pass(Duration.ofSeconds(18));
    assertThat(server.gone(judge())).isEqualTo(1); // the attic
    time.pass(Duration.ofSeconds(1));
    assertThat(server.gone(judge())).isEqualTo(2);
    assertThat(server.silent(judge())).isEqualTo(1);
    assertThat(server.goneInWords(judge()).get(0)).contains("edge cellar: ").contains("for 19 s");
    cellar.heard();
    assertThat(server.gone(judge())).isEqualTo(1);
    cellar.left((short) 1001, null);
    time.pass(HOUR);
    assertThat(server.gone(judge())).isEqualTo(1);
  }

  @Test
  @DisplayName("is not gone for what this server could not hear, as it was asleep itself")
  void asleep() {
    EdgeLink cellar = server.connected("cellar", "e");
    cellar.status(Texts.utf8(Wire.encode(new Status(List.of()))));
    time.pass(HOUR);
    long now = time.monotonicMs();
    assertThat(server.silent(new Judge(now, time.wallMs(), 15_000, now - 1_000))).isZero();
  }

  private Judge judge() {
    return new Judge(time.monotonicMs(), time.wallMs(), 15_000, Long.MIN_VALUE);
  }

  private void run(int hours) {
    for (int hour = 0; hour < hours; hour++) {
      time.pass(HOUR);
      server.tick();
    }
  }

  private void restart(Duration down) {
    List<EdgeMemory.Known> known = server.known();
    time.pass(down);
    server = new KnownEdges(time, new SimpleMeterRegistry());
    server.restore(known);
  }
}
