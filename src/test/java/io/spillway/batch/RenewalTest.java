package io.spillway.batch;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import io.spillway.kit.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The change to a new epoch")
@ExtendWith(VertxExtension.class)
class RenewalTest {
  private final ManualTime time = new ManualTime(0);
  private final List<String> taken = new ArrayList<>();
  private Renewal renewal;

  @BeforeEach
  void open(Vertx vertx) {
    renewal = new Renewal(vertx, time);
  }

  @Test
  @DisplayName("that waits, as it was asked for again, ends at once when all stops, untaken")
  void stoppedWhileItWaits() {
    renewal.run(List.of(step("first")));
    renewal.run(List.of(step("second")));
    assertThat(renewal.stop().isComplete()).isTrue();
    assertThat(taken).containsExactly("first");
  }

  @Test
  @DisplayName("that fails and is to be tried again ends at once when all stops")
  void stoppedBetweenAttempts() {
    renewal.run(List.of(() -> Future.failedFuture("no"), step("next")));
    assertThat(renewal.fault().isEmpty()).isFalse();
    assertThat(renewal.stop().isComplete()).isTrue();
    assertThat(taken).isEmpty();
  }

  @Test
  @DisplayName("ends with the step that it takes when all stops, and begins no other")
  void stoppedBetweenSteps() {
    Promise<Void> slow = Promise.promise();
    renewal.run(List.of(slow::future, step("next")));
    Future<?> stopped = renewal.stop();
    assertThat(stopped.isComplete()).isFalse();
    slow.complete();
    await(stopped);
    assertThat(taken).isEmpty();
  }

  @Test
  @DisplayName("waits when it is asked for again soon, and not after an hour of peace")
  void peace() {
    renewal.run(List.of(step("first")));
    time.pass(Duration.ofMillis(3_600_001));
    renewal.run(List.of(step("second")));
    assertThat(taken).containsExactly("first", "second");
    renewal.run(List.of(step("third")));
    assertThat(taken).containsExactly("first", "second");
  }

  @Test
  @DisplayName("that does not succeed says why, and not which of Java's types says so")
  void told() {
    try (Heard heard = new Heard("io.spillway.batch.Renewal")) {
      renewal.run(List.of(() -> Future.failedFuture(new FileSystemException("/spool/old-1"))));
      assertThat(heard.lines())
          .containsExactly("WARN [spool] no new epoch yet: /spool/old-1: cannot be written");
    }
  }

  @Test
  @DisplayName("with a step that throws is tried again, and says why meanwhile")
  void throwing() {
    renewal.run(
        List.of(
            () -> {
              throw new IllegalStateException("no number");
            }));
    assertThat(renewal.fault().words()).contains("no number");
  }

  private Supplier<Future<?>> step(String name) {
    return () -> {
      taken.add(name);
      return Future.succeededFuture();
    };
  }
}
