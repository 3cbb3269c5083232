package io.spillway.server.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.RoleState;
import io.spillway.message.Timestamps;
import io.spillway.server.status.EdgeStatus.Clock;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What {@code GET /api/pipeline} tells. On the server's event loop. */
final class Pipeline {
  /** A role on the bus says how it is once a second. */
  static final long SILENT_AFTER_MS = 10_000;

  private static final int ROLES_MAX = 2_000;
  private static final long FORGOTTEN_AFTER_MS = 3_600_000;

  /** A look at all is not taken more often, and of ten thousand edges every two seconds. */
  private static final long LOOK_EVERY_MS = 500;

  private static final int EDGES_PER_MS = 5;
  private static final List<String> STAGES =
      List.of("ingest", "journal", "iaq", "rabbit", "sink", "live");

  private final TimeSource time;
  private final long stalledMs;
  private final KnownEdges edges;
  private final PipelineMetrics metrics;
  private final Map<String, StageStatus> bus = new TreeMap<>();
  private List<EdgeStatus> edgeStatuses = List.of();
  private EdgeTotals totals;
  private Clock clock;
  private Supplier<Map<String, Long>> ingest = Map::of;

  /**
   * @param stalled how long a role may finish nothing of what it has to do
   */
  Pipeline(TimeSource time, Duration stalled, MeterRegistry registry) {
    this.time = time;
    stalledMs = stalled.toMillis();
    edges = new KnownEdges(time, registry);
    metrics = new PipelineMetrics(registry);
  }

  /** Who is connected. */
  KnownEdges edges() {
    return edges;
  }

  /** What the WebSockets count through which records come in. */
  void ingest(Supplier<Map<String, Long>> figures) {
    ingest = figures;
  }

  /** A role said how it is, on the bus. */
  void update(RoleState state) {
    StageCounters shape = StageCounters.of(state.role());
    String key = StageStatus.key(state);
    StageStatus known = bus.get(key);
    if (known != null) {
      bus.put(key, known.heard(state, time.monotonicMs()));
    } else if (shape != null && bus.size() < ROLES_MAX) {
      bus.put(key, new StageStatus(shape, state, time.monotonicMs()));
    }
  }

  /** Once a second: who has been silent for long is forgotten. */
  void tick() {
    long now = time.monotonicMs();
    bus.values().removeIf(role -> now - role.heardMs() > FORGOTTEN_AFTER_MS);
    edges.tick();
    edgeStatuses();
  }

  /**
   * The picture.
   *
   * @param part of the name of the edges that are wanted; empty: all
   * @param skip so many of them, which are sorted, the sick first
   * @param limit most edges
   */
  JsonObject json(String part, int skip, int limit) {
    List<EdgeStatus> all = edgeStatuses();
    String wanted = part.toLowerCase(Locale.ROOT);
    List<EdgeStatus> matching =
        wanted.isEmpty()
            ? all
            : all.stream().filter(l -> l.edge().toLowerCase(Locale.ROOT).contains(wanted)).toList();
    JsonArray shown = new JsonArray();
    matching.stream().skip(skip).limit(limit).forEach(edgeStatus -> shown.add(edgeStatus.json()));
    JsonArray stages = new JsonArray();
    Condition worst = all.isEmpty() ? Condition.OK : all.get(0).condition();
    for (Stage stage : serverStages()) {
      stages.add(stage.json());
      worst = worst.orWorse(stage.condition());
    }
    return new JsonObject()
        .put("timestamp", Timestamps.format(clock.wallMs()))
        .put("state", worst.text())
        .put("server", new JsonObject().put("stages", stages))
        .put("edges", shown)
        .put("matching", matching.size())
        .put("skipped", Math.min(skip, matching.size()))
        .put("totals", totals.json());
  }

  private List<EdgeStatus> edgeStatuses() {
    long now = time.monotonicMs();
    long everyMs = Math.max(LOOK_EVERY_MS, edgeStatuses.size() / EDGES_PER_MS);
    if (clock == null || now - clock.nowMs() >= everyMs) {
      clock = new Clock(now, time.wallMs(), stalledMs);
      edgeStatuses = RolesByEdge.of(bus, edges.links(), clock);
      totals = EdgeTotals.of(edgeStatuses);
      metrics.update(totals);
    }
    return edgeStatuses;
  }

  private record Stage(Condition condition, JsonObject json) {}

  private List<Stage> serverStages() {
    List<Stage> stages = new ArrayList<>();
    for (String name : STAGES) {
      if (name.equals("ingest")) {
        stages.add(ingestStage());
      }
      bus.values().stream()
          .filter(role -> role.stage().equals(name))
          .forEach(role -> stages.add(stage(role)));
    }
    return stages;
  }

  private Stage ingestStage() {
    JsonObject counters = new JsonObject();
    ingest.get().forEach(counters::put);
    return new Stage(
        Condition.OK,
        new JsonObject()
            .put("stage", "ingest")
            .put("here", true)
            .put("state", Condition.OK.text())
            .put("counters", counters));
  }

  private Stage stage(StageStatus role) {
    Condition condition = role.condition(clock.nowMs(), SILENT_AFTER_MS, stalledMs);
    JsonObject json = role.json().put("state", condition.text());
    role.fault(clock.nowMs(), clock.wallMs(), stalledMs)
        .ifPresent(fault -> json.put("fault", fault.json()));
    return new Stage(condition, json);
  }
}
