package io.spillway.server.search;

import io.micrometer.core.instrument.Counter;
import io.spillway.bus.ReadRequest;
import io.spillway.message.RecordKey;
import io.spillway.server.part.JsonBody;
import io.spillway.server.part.Parameters;
import io.spillway.server.search.MeasurementSearch.Query;
import io.vertx.core.Future;
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
 * too long to find more. With a database they are those of all servers in the order of their times,
 * else those of the journal as they came; {@code Spillway-Source} tells which.
 */
final class MeasurementsRoute {
  static final int LIMIT_MAX = 10_000;
  private static final int LIMIT = 100;
  private static final List<String> MEMBERS = List.of("sensor_id", "enseigne", "salle");

  private final SearchSetup setup;
  private final Counter given;

  /**
   * @param given counts records
   */
  MeasurementsRoute(SearchSetup setup, Counter given) {
    this.setup = setup;
    this.given = given;
  }

  /** Fails if there is nobody to read from. */
  Future<JsonBody> handle(RoutingContext context) throws Parameters.Wrong {
    Parameters parameters = new Parameters(context.queryParams());
    String before = parameters.text("before");
    RecordKey below = before == null ? null : RecordKey.parse(before).orElse(null);
    long offset =
        below != null
            ? Long.MAX_VALUE
            : parameters.whole("before", 1, Long.MAX_VALUE, Long.MAX_VALUE);
    Query query =
        new Query(
            equal(parameters),
            parameters.time("from"),
            parameters.time("to"),
            below,
            (int) parameters.whole("limit", 1, LIMIT_MAX, LIMIT));
    if (below != null) {
      return byTime(context, query)
          .recover(error -> Future.failedFuture(RecordSource.trouble(error)));
    }
    return !setup.database() || before != null // a walk ends in the order in which it began
        ? inJournal(context, query, offset)
        : byTime(context, query)
            .recover(
                error -> {
                  context.response().putHeader("Spillway-Note", RecordSource.trouble(error));
                  return inJournal(context, query, offset);
                });
  }

  private static Map<String, String> equal(Parameters parameters) throws Parameters.Wrong {
    Map<String, String> equal = new LinkedHashMap<>();
    for (String member : MEMBERS) {
      String value = parameters.text(member);
      if (value != null) {
        equal.put(member, value);
      }
    }
    return equal;
  }

  private Future<JsonBody> byTime(RoutingContext context, Query query) {
    MeasurementSearch search = new MeasurementSearch(setup, query);
    return search
        .run()
        .map(
            page -> {
              String before = search.older() == null ? null : search.older().toString();
              found(context, "postgres", page.size(), before);
              return page.toJson();
            });
  }

  private Future<JsonBody> inJournal(RoutingContext context, Query query, long before) {
    MeasurementFilter filter = new MeasurementFilter(query.equal(), query.fromMs(), query.toMs());
    RecordSource journal = RecordSource.journal(setup.vertx());
    BackwardReader backward =
        new BackwardReader(
            setup,
            journal,
            (view, line, from, to) ->
                view.isIn(MeasurementSearch.MEASUREMENTS) && filter.matches(line, from, to),
            query.limit(),
            MeasurementSearch.BYTES_MAX);
    return journal
        .read(ReadRequest.POSITION)
        .compose(at -> backward.read(Math.min(before, at.end()), at.oldest()))
        .map(
            page -> {
              String older = backward.before() > 0 ? Long.toString(backward.before()) : null;
              found(context, "journal", page.size(), older);
              return page.toJson("", "");
            });
  }

  private void found(RoutingContext context, String source, int count, String before) {
    context.response().putHeader("Spillway-Source", source);
    if (before != null) {
      context.response().putHeader("Link", '<' + older(context, before) + ">; rel=\"prev\"");
    }
    given.increment(count);
  }

  /** The same query, but for the token, which has no place in what may be shown. */
  private static String older(RoutingContext context, String before) {
    return context.queryParams().entries().stream()
        .filter(entry -> !entry.getKey().equals("token") && !entry.getKey().equals("before"))
        .map(entry -> encode(entry.getKey()) + '=' + encode(entry.getValue()) + '&')
        .collect(
            Collectors.joining("", context.request().path() + '?', "before=" + encode(before)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
