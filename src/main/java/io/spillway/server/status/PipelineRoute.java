package io.spillway.server.status;

import io.spillway.server.part.JsonBody;
import io.spillway.server.part.Parameters;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/pipeline}: every stage of the way and how it is, the sick edges first. */
final class PipelineRoute {
  private static final int LIMIT = 50;
  private static final int LIMIT_MAX = 200;
  private static final int PART_CHARS_MAX = 64;

  private final Pipeline pipeline;

  PipelineRoute(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  Future<JsonBody> handle(RoutingContext context) throws Parameters.Wrong {
    Parameters query = new Parameters(context.queryParams());
    int limit = (int) query.whole("limit", 1, LIMIT_MAX, LIMIT);
    int skip = (int) query.whole("skip", 0, 1_000_000, 0);
    String part = query.text("edge");
    if (part != null && part.length() > PART_CHARS_MAX) {
      throw new Parameters.Wrong("edge", part, "at most " + PART_CHARS_MAX + " characters");
    }
    Buffer json = pipeline.json(part == null ? "" : part, skip, limit).toBuffer();
    return Future.succeededFuture(JsonBody.of(json));
  }
}
