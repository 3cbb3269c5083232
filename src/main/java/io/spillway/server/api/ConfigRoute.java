package io.spillway.server.api;

import io.spillway.config.GatewayConfig;
import io.spillway.config.IaqConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.RouteConfig;
import io.spillway.config.ServerConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /config}: all that a page has to know of this server. */
final class ConfigRoute {
  private static final int POLLING_MS = 3_000;

  private ConfigRoute() {}

  static JsonObject answer(ServerConfig config, IaqConfig iaq) {
    LiveConfig live = config.live();
    JsonObject paths =
        new JsonObject()
            .put("websocket", "/ws")
            .put("records", "/api/records")
            .put("ingest", "/api/ingest")
            .put("iaq", "/api/iaq/data")
            .put("pipeline", "/api/pipeline")
            .put("stats", "/ws/stats")
            .put("health", "/health");
    if (config.mqtt() != null) {
      paths.put("mqtt", "/mqtt");
    }
    JsonArray topics =
        JsonArray.of(
            "measurements", "predictions", "actions", "alerts", "modules", "events", "all");
    return new JsonObject()
        .put("service", "spillway")
        .put("version", version())
        .put("paths", paths)
        .put("topics", topics)
        .put("polling", new JsonObject().put("intervalMs", POLLING_MS))
        .put(
            "live",
            new JsonObject()
                .put("pingMs", live.ping().toMillis())
                .put("queueBytes", live.queueBytes())
                .put("routes", routes(live.routes())))
        .put("limits", new JsonObject().put("maxMessageBytes", config.limits().maxMessageBytes()))
        .put("mqtt", mqtt(config.mqtt()))
        .put("pages", pages(config.pages()))
        .put("thresholds", AirThresholds.toJson(iaq))
        .put("anonymous", live.anonymous());
  }

  /** Null while the route is off. */
  private static JsonObject mqtt(GatewayConfig mqtt) {
    return mqtt == null
        ? null
        : new JsonObject()
            .put("anonymous", mqtt.anonymous())
            .put("publish", mqtt.publish())
            .put("subscribe", mqtt.subscribe())
            .put("maxPacketBytes", mqtt.packetBytes());
  }

  private static JsonObject pages(PagesConfig pages) {
    JsonObject vote =
        new JsonObject()
            .put("topic", pages.voteTopic())
            .put("title", pages.voteTitle())
            .put("candidates", pages.candidates())
            .put("oncePerBrowser", pages.oncePerBrowser());
    return new JsonObject()
        .put("mqttUrl", pages.mqttUrl() == null ? null : pages.mqttUrl().toString())
        .put("vote", vote)
        .put("chat", new JsonObject().put("topic", pages.chatTopic()));
  }

  private static JsonArray routes(List<RouteConfig> routes) {
    JsonArray array = new JsonArray();
    routes.forEach(
        route ->
            array.add(new JsonObject().put("filter", route.filter()).put("topic", route.topic())));
    return array;
  }

  /** Of the jar; classes that are not in one have none. */
  static String version() {
    String version = ConfigRoute.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
