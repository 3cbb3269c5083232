package io.spillway.server.search;

import io.micrometer.core.instrument.Counter;
import io.spillway.server.part.JsonBody;
import io.spillway.server.part.Parameters;
import io.spillway.server.records.Selection;
import io.spillway.server.records.TopicsParam;
import io.spillway.server.search.RecordsSearch.Query;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code GET /api/records?since=&limit=&topic=&journal=}: records from an offset on, or the newest.
 * The answer's {@code next} is where to go on, also when none was found: whoever asks again and
 * again with it gets every record once.
 */
final class RecordsRoute {
  static final int LIMIT_MAX = 10_000;
  private static final int LIMIT = 1_000;
  private static final Pattern JOURNAL = Pattern.compile("[0-9a-f]{12}");

  private final SearchSetup setup;
  private final Counter given;

  /**
   * @param given counts records
   */
  RecordsRoute(SearchSetup setup, Counter given) {
    this.setup = setup;
    this.given = given;
  }

  /** Fails if there is nobody to read from. */
  Future<JsonBody> handle(RoutingContext context) throws Parameters.Wrong {
    List<String> topics = TopicsParam.of(context.request().query(), "topic");
    Query query = query(new Parameters(context.queryParams()), topics);
    return new RecordsSearch(setup, query)
        .run()
        .map(
            page -> {
              given.increment(page.records().size());
              return page.toJson();
            });
  }

  private static Query query(Parameters parameters, List<String> topics) throws Parameters.Wrong {
    List<String> chosen = topics == null ? List.of() : topics;
    Optional<String> problem = Selection.problem(chosen);
    if (problem.isPresent()) {
      throw new Parameters.Wrong(
          "topic", String.join(",", chosen), "names and MQTT filters; " + problem.get());
    }
    String journal = parameters.text("journal");
    if (journal != null && !JOURNAL.matcher(journal).matches()) {
      throw new Parameters.Wrong("journal", journal, "12 of 0-9 a-f, as an answer has it");
    }
    return new Query(
        journal,
        parameters.whole("since", 0, Long.MAX_VALUE, RecordsSearch.NEWEST),
        (int) parameters.whole("limit", 1, LIMIT_MAX, LIMIT),
        chosen.isEmpty() ? Selection.ALL : Selection.of(chosen));
  }
}
