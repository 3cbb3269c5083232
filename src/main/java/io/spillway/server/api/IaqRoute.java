package io.spillway.server.api;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.config.RouteConfig;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code GET /api/iaq/data}: the newest measurements of a sensor, a shop ({@code enseigne}) or a
 * room ({@code salle}), as a plain array, the newest last. When there may be older ones, {@code
 * Link: <…>; rel="prev"} (RFC 8288) leads to them; such a page may be short, or empty, when it took
 * too long to find more.
 */
final class IaqRoute {
  static final int LIMIT_MAX = 10_000;
  private static final int LIMIT = 100;
  private static final int BYTES_MAX = 4 << 20;
  private static final List<String> MEMBERS = List.of("sensor_id", "enseigne", "salle");
  private static final Selection MEASUREMENTS = Selection.of(List.of("measurements"));

  private final Vertx vertx;
  private final List<RouteConfig> routes;
  private final ApiMetrics metrics;

  IaqRoute(Vertx vertx, List<RouteConfig> routes, ApiMetrics metrics) {
    this.vertx = vertx;
    this.routes = routes;
    this.metrics = metrics;
  }

  /** Answers; fails if the journal cannot be read. */
  Future<Void> handle(RoutingContext context) throws Parameters.Wrong {
    Parameters parameters = new Parameters(context.queryParams());
    int limit = (int) parameters.whole("limit", 1, LIMIT_MAX, LIMIT);
    long before = parameters.whole("before", 1, Long.MAX_VALUE, Long.MAX_VALUE);
    Map<String, String> equal = new LinkedHashMap<>();
    for (String member : MEMBERS) {
      String value = parameters.text(member);
      if (value != null) {
        equal.put(member, value);
      }
    }
    MeasurementFilter filter =
        new MeasurementFilter(equal, parameters.time("from"), parameters.time("to"));
    Backward backward =
        new Backward(
            vertx,
            new RecordView(routes),
            (view, line, from, to) -> view.isIn(MEASUREMENTS) && filter.matches(line, from, to),
            limit,
            BYTES_MAX);
    return Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .compose(at -> backward.read(Math.min(before, at.end()), at.oldest()))
        .compose(page -> answer(context, page, backward.before()));
  }

  private Future<Void> answer(RoutingContext context, RecordList page, long before) {
    if (before > 0) {
      context.response().putHeader("Link", '<' + older(context, before) + ">; rel=\"prev\"");
    }
    metrics.given(page.size());
    return Answers.json(context, 200, Buffer.buffer(page.toJson()));
  }

  /** The same query, but for the token, which has no place in what may be shown. */
  private static String older(RoutingContext context, long before) {
    return context.queryParams().entries().stream()
        .filter(entry -> !entry.getKey().equals("token") && !entry.getKey().equals("before"))
        .map(entry -> encode(entry.getKey()) + '=' + encode(entry.getValue()) + '&')
        .collect(Collectors.joining("", context.request().path() + '?', "before=" + before));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
