package io.spillway.server.status;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All edges together, also those that are not listed.
 *
 * @param unbalanced how many have a ledger that does not balance: in the sum of all, one that has
 *     too many could hide another that misses some
 */
record EdgeTotals(JsonObject json, Map<Condition, Integer> states, int unbalanced) {
  static EdgeTotals of(List<EdgeStatus> edgeStatuses) {
    Map<Condition, Integer> counts = new EnumMap<>(Condition.class);
    for (Condition condition : Condition.values()) {
      counts.put(condition, 0);
    }
    long queued = 0;
    long bytes = 0;
    double perSecond = 0;
    long etaSeconds = 0;
    boolean endless = false;
    Balance balance = Balance.NOTHING;
    int unbalanced = 0;
    int gone = 0;
    for (EdgeStatus edgeStatus : edgeStatuses) {
      counts.merge(edgeStatus.condition(), 1, Integer::sum);
      unbalanced += edgeStatus.isUnbalanced() ? 1 : 0;
      gone += edgeStatus.isGone() ? 1 : 0;
      queued += edgeStatus.queued();
      bytes += edgeStatus.bytes();
      perSecond += edgeStatus.inPerSecond();
      RoleStatus spool = edgeStatus.spool().filter(RoleStatus::isBehind).orElse(null);
      endless |= edgeStatus.hasStaleQueue() || (spool != null && spool.etaSeconds().isEmpty());
      etaSeconds = Math.max(etaSeconds, spool == null ? 0 : spool.etaSeconds().orElse(0L));
      balance = edgeStatus.balance() == null ? balance : balance.plus(edgeStatus.balance());
    }
    JsonObject states = new JsonObject();
    counts.forEach((condition, count) -> states.put(condition.text(), count));
    JsonObject json =
        new JsonObject()
            .put("edges", edgeStatuses.size())
            .put("states", states)
            .put("queue", new JsonObject().put("records", queued).put("bytes", bytes))
            .put("inPerSecond", RoleStatus.rounded(perSecond))
            .put("etaSeconds", endless ? null : Long.valueOf(etaSeconds))
            .put("ledger", balance.json())
            .put("unbalanced", unbalanced)
            .put("gone", gone);
    return new EdgeTotals(json, counts, unbalanced);
  }
}
