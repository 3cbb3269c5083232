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
  private final int recordBytesMax;
  private final boolean database;
  private final RecordsRoute records;
  private final MeasurementsRoute measurements;

  /**
   * @param routes which MQTT topics are on which topics of ours
   * @param recordBytesMax of one record: a page has that much, if it is longer than a page
   * @param database whether a role answers {@link io.spillway.bus.Channels#RECORDS_QUERY} and
   *     {@link io.spillway.bus.Channels#NEWEST_QUERY}
   */
  public SearchEndpoint(
      Vertx vertx,
      TimeSource time,
      List<RouteConfig> routes,
      int recordBytesMax,
      boolean database,
      ApiRoutes api,
      MeterRegistry registry) {
    this.api = api;
    this.recordBytesMax = recordBytesMax;
    this.database = database;
    SearchSetup setup = new SearchSetup(vertx, time, routes, database);
    Counter given = registry.counter("spillway.http.records.given");
    records = new RecordsRoute(setup, given);
    measurements = new MeasurementsRoute(setup, given);
  }

  @Override
  public Future<?> mount(Router router) {
    api.getBounded(router, "/api/records", needed(RecordsSearch.BYTES_MAX), records::handle);
    api.getBounded(
        router, "/api/iaq/data", needed(MeasurementSearch.BYTES_MAX), measurements::handle);
    return Future.succeededFuture();
  }

  private int needed(int pageBytesMax) {
    int copies = database ? COPIES_WITH_DATABASE : 1;
    return copies * Math.max(pageBytesMax, recordBytesMax) + SLICES;
  }
}
