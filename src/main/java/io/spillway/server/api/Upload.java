package io.spillway.server.api;

import io.spillway.bus.Channels;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.message.Lines;
import io.spillway.message.PlainText;
import io.spillway.message.Rejected;
import io.spillway.server.api.BodyCutter.Document;
import io.spillway.server.api.BodyCutter.Piece;
import io.spillway.server.api.BodyCutter.Some;
import io.spillway.server.api.BodyCutter.TooBig;
import io.spillway.server.api.BodyCutter.TooLong;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Stores one request body piece by piece. While a piece is on its way to the disk the request is
 * not read: the sender goes no faster than the disk, and no more than a few pieces are in memory.
 */
final class Upload {
  /** A piece up to this size is read on the event loop: that is faster than the way to a worker. */
  private static final int READ_AT_ONCE_BYTES = 16 << 10;

  private static final int LOOKS_PER_STALL = 4;

  /** How it ended. */
  enum End {
    /** All of it has come and is stored or rejected. */
    COMPLETE,
    /** The client said nothing for too long. */
    STALLED,
    /** The client is gone: nobody waits for an answer. */
    GONE
  }

  /** The token that it came with was taken away meanwhile. */
  static final class Revoked extends Exception {
    private static final long serialVersionUID = 1L;

    Revoked() {
      super("the token was revoked", null, false, false);
    }
  }

  private final Vertx vertx;
  private final TimeSource time;
  private final HttpServerRequest request;
  private final int bytesMax;
  private final Duration stall;
  private final BooleanSupplier allowed;
  private final String peer;
  private final PlainText reader = new PlainText();
  private final UploadTally tally = new UploadTally();
  private final Promise<End> outcome = Promise.promise();
  private BodyCutter cutter;
  private long timer = -1;
  private long heardAtNs;
  private boolean storing;
  private End end;

  /**
   * @param bytesMax longest document, and longest line
   * @param stall a client that sends nothing for this long while it could is given up
   * @param allowed whether the token it came with is valid still
   */
  Upload(
      Vertx vertx,
      TimeSource time,
      HttpServerRequest request,
      int bytesMax,
      Duration stall,
      BooleanSupplier allowed) {
    this.vertx = vertx;
    this.time = time;
    heardAtNs = time.nanoTime();
    this.request = request;
    this.bytesMax = bytesMax;
    this.stall = stall;
    this.allowed = allowed;
    this.peer = String.valueOf(request.remoteAddress());
    this.cutter = BodyCutter.of(bytesMax, this::isRecord);
  }

  /**
   * Reads the body to its end. Fails with {@link TooBig}, {@link Revoked} or the store's failure;
   * what {@link #tally} says is stored then all the same.
   */
  Future<End> receive() {
    request.handler(this::received); // which throws if all of it has come already
    request.endHandler(all -> ended(End.COMPLETE));
    request.exceptionHandler(broken -> ended(End.GONE));
    long everyMs = Math.max(1, stall.toMillis() / LOOKS_PER_STALL);
    timer = vertx.setPeriodic(everyMs, tick -> look());
    return outcome.future().onComplete(settled -> vertx.cancelTimer(timer));
  }

  UploadTally tally() {
    return tally;
  }

  private boolean isRecord(byte[] line) {
    return reader.readLines(line, peer, 0).rejected().isEmpty();
  }

  private void received(Buffer bytes) {
    heardAtNs = time.nanoTime();
    if (end == null && !outcome.future().isComplete()) {
      try {
        cutter.add(bytes.getBytes());
        advance();
      } catch (TooBig e) {
        outcome.tryFail(e);
      }
    }
  }

  private void look() {
    if (!storing && !allowed.getAsBoolean()) {
      outcome.tryFail(new Revoked());
    }
    if (!storing && end == null && time.nanoTime() - heardAtNs > stall.toNanos()) {
      ended(End.STALLED);
    }
  }

  private void ended(End how) {
    if (end == null && !outcome.future().isComplete()) {
      end = how;
      cutter.end(how == End.COMPLETE);
      advance();
    }
  }

  /** One piece at a time. */
  private void advance() {
    if (storing || outcome.future().isComplete()) {
      return;
    }
    Piece piece = cutter.next();
    if (piece != null && !allowed.getAsBoolean()) {
      outcome.tryFail(new Revoked());
    } else if (piece != null) {
      storing = true;
      request.pause();
      Future.succeededFuture(piece)
          .compose(this::store) // one that throws has failed, too
          .onSuccess(done -> stored())
          .onFailure(outcome::tryFail);
    } else if (end != null) {
      outcome.tryComplete(end);
    }
  }

  private void stored() {
    storing = false;
    heardAtNs = time.nanoTime();
    advance();
    if (!storing) {
      request.resume();
    }
  }

  private Future<?> store(Piece piece) {
    if (piece instanceof Some some) {
      return read(some.text().length, () -> reader.readLines(some.text(), peer, now()))
          .compose(result -> store(result, some.first(), BodyCutter.isBlank(some.text())))
          .onSuccess(done -> tally.reached(some.first() + some.count() - 1));
    }
    if (piece instanceof TooLong line) {
      return store(line).onSuccess(done -> tally.reached(line.line()));
    }
    byte[] text = ((Document) piece).text();
    return read(text.length, () -> reader.readDocument(text, peer, now()))
        .compose(document -> store(document, text));
  }

  private Future<?> store(Optional<PlainText.Result> document, byte[] text) {
    if (document.isPresent()) {
      return store(document.get(), 1, BodyCutter.isBlank(text));
    }
    cutter = BodyCutter.ofLines(text); // they come next
    return Future.succeededFuture();
  }

  private Future<?> store(PlainText.Result result, long firstLine, boolean blank) {
    if (blank) {
      return Future.succeededFuture();
    }
    return Channels.BATCH_STORE
        .request(vertx, new Plain(result.lines(), result.rejected()))
        .onSuccess(
            stored -> {
              tally.stored(result.lines().count(), stored.offset());
              for (int i = 0; i < result.at().size(); i++) {
                long line = firstLine + result.at().get(i) - 1;
                tally.rejected(line, result.rejected().get(i).reason());
              }
            });
  }

  private Future<?> store(TooLong line) {
    String reason = "a line may have at most " + bytesMax + " bytes, not " + line.size();
    Rejected rejected = new Rejected(peer, now(), reason, line.head(), line.size());
    return Channels.BATCH_STORE
        .request(vertx, new Plain(Lines.NONE, List.of(rejected)))
        .onSuccess(
            stored -> {
              tally.stored(0, stored.offset());
              tally.rejected(line.line(), reason);
            });
  }

  private <T> Future<T> read(int bytes, Supplier<T> reading) {
    if (bytes > READ_AT_ONCE_BYTES) {
      return Blocking.runBeside(vertx, reading::get);
    }
    return Future.succeededFuture(reading.get());
  }

  private long now() {
    return time.wallMs();
  }
}
