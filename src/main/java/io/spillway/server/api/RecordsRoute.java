package io.spillway.server.api;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.config.RouteConfig;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.server.records.TopicsParam;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/records?since=&limit=&topic=}: records from an offset on, or the newest. The
 * answer's {@code next} is where to go on, also when none was found: whoever asks again and again
 * with it gets every record once.
 */
final class RecordsRoute {
  static final int LIMIT_MAX = 10_000;
  private static final int LIMIT = 1_000;
  private static final int BYTES_MAX = 1 << 20;
  private static final long NEWEST = -1;

  private record Query(long since, int limit, Selection topics) {}

  private final Vertx vertx;
  private final List<RouteConfig> routes;
  private final ApiMetrics metrics;

  RecordsRoute(Vertx vertx, List<RouteConfig> routes, ApiMetrics metrics) {
    this.vertx = vertx;
    this.routes = routes;
    this.metrics = metrics;
  }

  /** Answers; fails if the journal cannot be read. */
  Future<Void> handle(RoutingContext context) throws Parameters.Wrong {
    List<String> topics = TopicsParam.of(context.request().query(), "topic");
    Query query = query(new Parameters(context.queryParams()), topics);
    return Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .compose(
            position -> {
              if (query.since == NEWEST) {
                return newest(context, query, position);
              }
              return query.since > position.end()
                  ? otherJournal(context, position)
                  : since(context, query);
            });
  }

  private static Query query(Parameters parameters, List<String> topics) throws Parameters.Wrong {
    List<String> chosen = topics == null ? List.of() : topics;
    Optional<String> problem = Selection.problem(chosen);
    if (problem.isPresent()) {
      throw new Parameters.Wrong(
          "topic", String.join(",", chosen), "names and MQTT filters; " + problem.get());
    }
    return new Query(
        parameters.whole("since", 0, Long.MAX_VALUE, NEWEST),
        (int) parameters.whole("limit", 1, LIMIT_MAX, LIMIT),
        chosen.isEmpty() ? Selection.ALL : Selection.of(chosen));
  }

  private Future<Void> since(RoutingContext context, Query query) {
    RecordList page = new RecordList(query.limit, BYTES_MAX);
    long from = Math.max(1, query.since);
    Forward forward = new Forward(vertx, new RecordView(routes), query.topics, from, page);
    return forward
        .read()
        .compose(
            read -> {
              String gap =
                  forward.gapTo() == 0
                      ? ""
                      : ",\"gap\":{\"from\":" + from + ",\"to\":" + forward.gapTo() + '}';
              return answer(context, page, forward.next(), forward.end(), gap);
            });
  }

  private Future<Void> newest(RoutingContext context, Query query, Records position) {
    return new Backward(
            vertx,
            new RecordView(routes),
            (view, line, from, to) -> view.isIn(query.topics),
            query.limit,
            BYTES_MAX)
        .read(position.end(), position.oldest())
        .compose(page -> answer(context, page, position.end(), position.end(), ""));
  }

  /** A cursor that this journal has not come to yet was not made from it. */
  private Future<Void> otherJournal(RoutingContext context, Records position) {
    RecordList none = new RecordList(0, 0);
    return answer(context, none, position.end(), position.end(), ",\"reset\":true");
  }

  private Future<Void> answer(
      RoutingContext context, RecordList page, long next, long end, String more) {
    Buffer body =
        Buffer.buffer("{\"records\":")
            .appendBytes(page.toJson())
            .appendString(",\"next\":" + next + ",\"end\":" + Math.max(next, end) + more + '}');
    metrics.given(page.size());
    return Answers.json(context, 200, body);
  }
}
