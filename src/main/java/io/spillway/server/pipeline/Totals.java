package io.spillway.server.pipeline;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** All edges together, also those that are not listed. */
final class Totals {
  private Totals() {}

  static JsonObject of(List<Lane> lanes, Map<Condition, Integer> counts) {
    JsonObject states = new JsonObject();
    counts.forEach((condition, count) -> states.put(condition.text(), count));
    long queued = 0;
    long bytes = 0;
    double perSecond = 0;
    long etaSeconds = 0;
    boolean endless = false;
    Ledger ledger = Ledger.NOTHING;
    for (Lane lane : lanes) {
      queued += lane.queued();
      bytes += lane.bytes();
      perSecond += lane.inPerSecond();
      Tracked spool = lane.spool().filter(Tracked::isBehind).orElse(null);
      endless |= spool != null && spool.etaSeconds().isEmpty();
      etaSeconds = Math.max(etaSeconds, spool == null ? 0 : spool.etaSeconds().orElse(0L));
      ledger = lane.ledger() == null ? ledger : ledger.plus(lane.ledger());
    }
    return new JsonObject()
        .put("edges", lanes.size())
        .put("states", states)
        .put("queue", new JsonObject().put("records", queued).put("bytes", bytes))
        .put("inPerSecond", Tracked.rounded(perSecond))
        .put("etaSeconds", endless ? null : Long.valueOf(etaSeconds))
        .put("ledger", ledger.json());
  }
}
