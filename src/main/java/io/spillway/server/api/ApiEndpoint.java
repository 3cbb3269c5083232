package io.spillway.server.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.config.IaqConfig;
import io.spillway.config.ServerConfig;
import io.spillway.server.auth.Access;
import io.spillway.server.part.ApiRoutes;
import io.spillway.server.part.Part;
import io.spillway.server.part.Responses;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * {@code POST /api/ingest}, {@code GET /config} and {@code /openapi.json}; says of what else is
 * asked for below {@code /api} that it is not there, so it comes after other parts with such
 * routes.
 */
public final class ApiEndpoint implements Part {
  private final Vertx vertx;
  private final IaqConfig iaq;
  private final ApiRoutes api;
  private final IngestRoute ingest;
  private String page;

  /**
   * @param iaq what pages are told of the air; null where nobody watches it
   */
  public ApiEndpoint(
      Vertx vertx,
      TimeSource time,
      ServerConfig config,
      IaqConfig iaq,
      Access access,
      ApiRoutes api,
      MeterRegistry registry) {
    this(vertx, time, config, iaq, access, api, registry, IngestRoute.STALL);
  }

  ApiEndpoint(
      Vertx vertx,
      TimeSource time,
      ServerConfig config,
      IaqConfig iaq,
      Access access,
      ApiRoutes api,
      MeterRegistry registry,
      Duration stall) {
    this.vertx = vertx;
    this.iaq = iaq;
    this.api = api;
    int bytesMax = config.limits().maxMessageBytes();
    ingest = new IngestRoute(vertx, time, access, bytesMax, stall, new UploadMetrics(registry));
    reload(config);
  }

  @Override
  public Future<?> mount(Router router) {
    return Blocking.run(vertx, ApiEndpoint::openApi).onSuccess(text -> mount(router, text));
  }

  private void mount(Router router, String openApi) {
    api.add(router, "/api/ingest", List.of(HttpMethod.POST), ingest::handle);
    api.getForReaders(router, "/config", context -> Responses.json(context, 200, page));
    api.get(router, "/openapi.json", context -> Responses.json(context, 200, openApi));
    api.others(router);
  }

  /** What pages are told from now on. */
  @Override
  public void reload(ServerConfig fresh) {
    page = ConfigRoute.answer(fresh, iaq).encode();
  }

  private static String openApi() throws IOException {
    try (InputStream in = ApiEndpoint.class.getResourceAsStream("/webroot/openapi.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
