package io.spillway.server.search;

import io.spillway.config.RouteConfig;
import io.spillway.server.records.RecordView;
import io.spillway.time.TimeSource;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * What every search works with.
 *
 * @param routes which MQTT topics are on which topics of ours
 * @param database whether there is one to ask for what the journal has no more
 */
record SearchSetup(Vertx vertx, TimeSource time, List<RouteConfig> routes, boolean database) {
  /** A view of records, for one search. */
  RecordView view() {
    return new RecordView(routes);
  }
}
