package io.spillway.server.api;

import io.spillway.bus.BusFailure;
import io.spillway.server.api.BodyCutter.TooBig;
import io.spillway.server.api.Upload.Revoked;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.Grant;
import io.spillway.server.auth.TokenAuthenticator;
import io.spillway.server.part.Responses;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /api/ingest}: an object, an array or NDJSON of any length, answered when it is on the
 * disk. What was stored before something went wrong stays stored, and the answer says how far it
 * went.
 */
final class IngestRoute {
  /** Bodies that are read at once; each holds a few pieces of at most a message's size. */
  static final int UPLOADS_MAX = 64;

  /** So many of the largest one of them may hold. */
  private static final int PIECES = 3;

  /** A client that sends nothing for this long in the middle of a body is given up. */
  static final Duration STALL = Duration.ofSeconds(30);

  /** How long the rest of a body that is refused is read, so that the answer can be. */
  private static final long DRAIN_MS = 5_000;

  private static final String EMPTY =
      "the body is empty; send a JSON object, an array or NDJSON lines";

  private final Vertx vertx;
  private final TimeSource time;
  private final Access access;
  private final int bytesMax;
  private final Duration stall;
  private final UploadMetrics metrics;
  private final int uploadsMax;
  private final Semaphore uploads;

  IngestRoute(
      Vertx vertx,
      TimeSource time,
      Access access,
      int bytesMax,
      Duration stall,
      UploadMetrics metrics) {
    this.vertx = vertx;
    this.time = time;
    this.access = access;
    this.bytesMax = bytesMax;
    this.stall = stall;
    this.metrics = metrics;
    uploadsMax = uploadsMax(bytesMax, Runtime.getRuntime().maxMemory());
    uploads = new Semaphore(uploadsMax);
    metrics.uploads(() -> uploadsMax - uploads.availablePermits());
  }

  /** As many as leave most of a small heap to others. */
  static int uploadsMax(int bytesMax, long heapBytes) {
    long room = heapBytes / 3 / (PIECES * (long) bytesMax);
    return (int) Math.min(UPLOADS_MAX, Math.max(1, room));
  }

  void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!access
        .origins()
        .allows(request)) { // where no token is needed, any page could have a browser send
      Responses.error(context, 403, "pages of this origin may not send; see live.allowedOrigins");
      drain(context);
    } else if (!access.authenticator().maySend(request)) {
      Responses.unauthorized(context, "missing or wrong token; sending needs an ingest token");
      drain(context);
    } else if (isEncoded(request)) {
      context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
      Responses.error(context, 415, "a body with Content-Encoding is not taken; send it as it is");
      drain(context);
    } else {
      receive(context, upload(request));
    }
  }

  private Upload upload(HttpServerRequest request) {
    TokenAuthenticator authenticator = access.authenticator();
    Grant grant = authenticator.admit(request).forSending();
    return new Upload(vertx, time, request, bytesMax, stall, () -> authenticator.stillValid(grant));
  }

  private void receive(RoutingContext context, Upload upload) {
    if (!uploads.tryAcquire()) {
      Responses.tooMany(context, "limit of " + uploadsMax + " uploads at once reached");
      drain(context);
      return;
    }
    UploadTally tally = upload.tally();
    HttpServerRequest request = context.request();
    Future.succeededFuture(upload)
        .compose(Upload::receive) // one that throws has failed, too, and gives its place back
        .onComplete(
            settled -> {
              uploads.release();
              metrics.rejected(tally.rejectedCount());
            })
        .onSuccess(end -> answer(context, end, tally))
        .onFailure(error -> failed(context, error, tally));
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue().otherwiseEmpty();
    }
  }

  private void answer(RoutingContext context, Upload.End end, UploadTally tally) {
    switch (end) {
      case COMPLETE -> complete(context, tally);
      case STALLED -> {
        String reason = "no byte for " + stall.toMillis() + " ms in the middle of the body";
        Responses.json(context, 408, tally.failure(reason).encode());
        close(context);
      }
      case GONE -> metrics.brokenOff();
    }
  }

  private static void complete(RoutingContext context, UploadTally tally) {
    if (tally.isEmpty()) {
      Responses.error(context, 400, EMPTY);
    } else if (tally.stored() == 0 && tally.rejectedCount() > 0) {
      Responses.json(context, 400, tally.nothing().encode());
    } else {
      Responses.json(context, 200, tally.success().encode());
    }
  }

  private void failed(RoutingContext context, Throwable error, UploadTally tally) {
    if (error instanceof TooBig) {
      Responses.json(context, 413, tally.failure(error.getMessage()).encode());
    } else if (error instanceof Revoked) {
      Responses.json(context, 401, tally.failure(error.getMessage()).encode());
    } else {
      boolean full = BusFailure.of(error) == BusFailure.CANNOT_STORE;
      JsonObject body = tally.failure("cannot store now: " + error.getMessage());
      Responses.later(context, full ? 507 : 503, body.encode());
    }
    drain(context);
  }

  private static boolean isEncoded(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity");
  }

  // A connection that is closed while its client still sends is reset, and the answer lost.
  private void drain(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return;
    }
    long timer = vertx.setTimer(DRAIN_MS, late -> Responses.cut(context));
    request.handler(ignored -> {});
    request.endHandler(all -> vertx.cancelTimer(timer));
    request.exceptionHandler(broken -> vertx.cancelTimer(timer));
    request.resume();
  }

  // Which waits for the client to take its answer, but not for ever.
  private void close(RoutingContext context) {
    context.request().connection().close().otherwiseEmpty();
    vertx.setTimer(DRAIN_MS, late -> Responses.cut(context));
  }
}
