package io.spillway.server.live;

import io.spillway.server.records.TopicNames;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The answer of {@code GET /ws/stats}. */
final class LiveStats {
  /** Chosen topics beyond the known ones that are listed. */
  private static final int LISTED_MAX = 100;

  private final Collection<LiveClient> clients;
  private final Replays replays;
  private final Hub hub;
  private final LiveMetrics metrics;

  LiveStats(Collection<LiveClient> clients, Replays replays, Hub hub, LiveMetrics metrics) {
    this.clients = clients;
    this.replays = replays;
    this.hub = hub;
    this.metrics = metrics;
  }

  /** The connections, what they have chosen, and what goes out. */
  public JsonObject json() {
    JsonObject topics = new JsonObject();
    metrics
        .topics()
        .forEach(
            (name, rate) ->
                topics.put(
                    name,
                    new JsonObject()
                        .put("records", rate.total())
                        .put("perSecond", rate.perSecond())));
    return new JsonObject()
        .put("active_connections", clients.size())
        .put("subscriptions", subscriptions())
        .put("offset", hub.next())
        .put("topics", topics)
        .put(
            "deliveries",
            new JsonObject()
                .put("records", metrics.deliveries().total())
                .put("perSecond", metrics.deliveries().perSecond()))
        .put("slow_disconnects", metrics.slow())
        .put(
            "replays",
            new JsonObject().put("active", replays.all().size()).put("total", metrics.replays()));
  }

  private JsonObject subscriptions() {
    Map<String, Integer> counts = new TreeMap<>();
    TopicNames.known().forEach(topic -> counts.put(topic, 0));
    counts.put(TopicNames.ALL, 0);
    int listed = counts.size() + LISTED_MAX;
    for (LiveClient client : clients) {
      for (String topic : client.state.selection().topics()) {
        String name = TopicNames.topicOf(topic);
        if (counts.containsKey(name) || counts.size() < listed) {
          counts.merge(name, 1, Integer::sum);
        }
      }
    }
    JsonObject json = new JsonObject();
    counts.forEach(json::put);
    return json;
  }
}
