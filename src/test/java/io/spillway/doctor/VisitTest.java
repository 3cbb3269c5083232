package io.spillway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Doctor's visit")
@ExtendWith(VertxExtension.class)
class VisitTest {
  private static final long SHORT_MS = 200;

  private final Diagnosis diagnosis = new Diagnosis();
  private final List<HopFinding> told = new ArrayList<>();
  private final Telling telling =
      new Telling() {
        @Override
        public void tell(HopFinding finding, long tookMs) {
          told.add(finding);
        }

        @Override
        public void end(Diagnosis of, long tookMs) {}
      };

  @Test
  @DisplayName("looks at hop after hop, and at none whose way there is barred")
  void barred(Vertx vertx) {
    visit(
        vertx,
        step("a", List.of(), HopFinding.ok("a", "")),
        step("b", List.of("a"), HopFinding.failed("b", "no", "yes")),
        step("c", List.of("b"), HopFinding.ok("c", "never")),
        step("d", List.of("c"), HopFinding.ok("d", "never")),
        step("e", List.of("a"), HopFinding.notice("e", "", "")));
    assertThat(told)
        .extracting(HopFinding::result)
        .containsExactly(Result.OK, Result.FAILED, Result.SKIPPED, Result.SKIPPED, Result.NOTICE);
    assertThat(told.get(2).words()).isEqualTo("not looked at: needs b");
  }

  @Test
  @DisplayName("goes on where a hop says nothing, and where looking at it fails")
  void bounded(Vertx vertx) {
    visit(
        vertx,
        new Step("hangs", List.of(), () -> Promise.<HopFinding>promise().future()),
        new Step("fails", List.of(), () -> Future.failedFuture(new IllegalStateException("x"))),
        new Step(
            "throws",
            List.of(),
            () -> {
              throw new IllegalStateException("x");
            }),
        Step.blocking(vertx, "blocks", List.of(), () -> HopFinding.ok("blocks", "")));
    assertThat(told)
        .extracting(HopFinding::result)
        .containsExactly(Result.FAILED, Result.SKIPPED, Result.SKIPPED, Result.OK);
    assertThat(diagnosis.exitCode()).isEqualTo(1);
  }

  @Test
  @DisplayName("finds a clock wrong that says that it is before 2024")
  void clock() {
    assertThat(Doctor.clock(1_795_238_400_000L))
        .isEqualTo(HopFinding.ok("clock", "2026-11-21T05:20:00.000Z"));
    assertThat(Doctor.clock(1_000).result()).isEqualTo(Result.FAILED);
  }

  private void visit(Vertx vertx, Step... steps) {
    new Visit(TimeSource.SYSTEM, diagnosis, telling, SHORT_MS).go(vertx, List.of(steps));
  }

  private static Step step(String hop, List<String> needs, HopFinding finding) {
    return Step.quick(hop, needs, () -> finding);
  }
}
