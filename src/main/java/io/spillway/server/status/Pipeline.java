package io.spillway.server.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.message.Timestamps;
import io.spillway.server.status.Judge.Finding;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What {@code GET /api/pipeline} tells. On the server's event loop. */
final class Pipeline {
  /** A look at all is not taken more often, and of ten thousand edges every two seconds. */
  private static final long LOOK_EVERY_MS = 500;

  private static final int EDGES_PER_MS = 5;
  private static final List<String> STAGES =
      List.of("ingest", "journal", "iaq", "rabbit", "sink", "live");

  private final RoleBoard board;
  private final KnownEdges edges;
  private final PipelineMetrics metrics;
  private List<EdgeStatus> edgeStatuses = List.of();
  private EdgeTotals totals;
  private Judge judge;
  private Supplier<Map<String, Long>> ingest = Map::of;

  Pipeline(RoleBoard board, TimeSource time, MeterRegistry registry) {
    this.board = board;
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

  /** Once a second: who has been away for long is forgotten. */
  void tick() {
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
        .put("timestamp", Timestamps.format(judge.wallMs()))
        .put("state", worst.text())
        .put("server", new JsonObject().put("stages", stages))
        .put("edges", shown)
        .put("matching", matching.size())
        .put("skipped", Math.min(skip, matching.size()))
        .put("totals", totals.json());
  }

  private List<EdgeStatus> edgeStatuses() {
    Judge now = board.judge();
    long everyMs = Math.max(LOOK_EVERY_MS, edgeStatuses.size() / EDGES_PER_MS);
    if (judge == null || now.nowMs() - judge.nowMs() >= everyMs) {
      judge = now;
      edgeStatuses = RolesByEdge.of(board.all(), edges.links(), judge);
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
      board.all().values().stream()
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

  private Stage stage(RoleStatus role) {
    Finding finding = judge.look(role, Judge.SILENT_AFTER_MS);
    Condition condition = judge.condition(role, finding);
    JsonObject json = role.json().put("state", condition.text());
    StageFault.of(role, finding, judge).ifPresent(fault -> json.put("fault", fault.json()));
    return new Stage(condition, json);
  }
}
