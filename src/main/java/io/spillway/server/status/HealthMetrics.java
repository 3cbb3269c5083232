package io.spillway.server.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.spillway.bus.RoleState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The board in figures, as of its last tick: a scrape comes on another thread. */
final class HealthMetrics {
  private final RoleBoard board;
  private final MultiGauge waiting;
  private final AtomicInteger health = new AtomicInteger(1);
  private Map<Tags, AtomicLong> waitingByRole = Map.of();

  HealthMetrics(RoleBoard board, MeterRegistry registry) {
    this.board = board;
    waiting = MultiGauge.builder("spillway.role.waiting").register(registry);
    Gauge.builder("spillway.health", health, AtomicInteger::get).register(registry);
  }

  /** Looks at the board. On its event loop. */
  void update() {
    health.set(board.health().isOk() ? 1 : 0);
    Map<Tags, AtomicLong> now = new LinkedHashMap<>();
    for (RoleState state : board.states()) {
      Tags tags = Tags.of("role", state.role(), "instance", state.instance());
      AtomicLong known = waitingByRole.getOrDefault(tags, new AtomicLong());
      known.set(state.waiting());
      now.put(tags, known);
    }
    if (!now.keySet().equals(waitingByRole.keySet())) {
      List<Row<?>> rows = new ArrayList<>();
      now.forEach((tags, value) -> rows.add(Row.of(tags, value)));
      waiting.register(rows);
    }
    waitingByRole = now;
  }
}
