package io.spillway.server.search;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.RouteConfig;
import io.spillway.server.part.ApiRoutes;
import io.spillway.server.part.Part;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.List;

/** Records out over HTTP: {@code /api/records} and {@code /api/iaq/data}. */
public final class SearchEndpoint implements Part {
  /** What is read at once to find records in, and what is unpacked for it. */
  private static final int SLICES = 2 << 20;

  /** The page, the records as the database has sent them, the same as texts, and as bytes. */
  private static final int COPIES_WITH_DATABASE = 4;

  private final ApiRoutes api;
  private final boolean database;
  private final RecordsRoute records;
  private final MeasurementsRoute measurements;

  /**
   * @param routes which MQTT topics are on which topics of ours
   * @param database whether a role answers {@link io.spillway.bus.Channels#RECORDS_QUERY} and
   *     {@link io.spillway.bus.Channels#NEWEST_QUERY}
   */
  public SearchEndpoint(
      Vertx vertx,
      TimeSource time,
      List<RouteConfig> routes,
      boolean database,
      ApiRoutes api,
      MeterRegistry registry) {
    this.api = api;
    this.database = database;
    SearchSetup setup = new SearchSetup(vertx, time, routes, database);
    Counter given = registry.counter("spillway.http.records.given");
    records = new RecordsRoute(setup, given);
    measurements = new MeasurementsRoute(setup, given);
  }

  @Override
  public Future<?> mount(Router router) {
    int copies = database ? COPIES_WITH_DATABASE : 1;
    api.getBounded(
        router, "/api/records", copies * RecordsSearch.BYTES_MAX + SLICES, records::handle);
    api.getBounded(
        router,
        "/api/iaq/data",
        copies * MeasurementSearch.BYTES_MAX + SLICES,
        measurements::handle);
    return Future.succeededFuture();
  }
}
