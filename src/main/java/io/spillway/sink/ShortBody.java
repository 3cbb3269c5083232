package io.spillway.sink;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Reads no more of an answer than is of use: its end may never come. */
final class ShortBody {
  private final HttpClientResponse response;
  private final int bytesMax;
  private final Promise<Buffer> read = Promise.promise();
  private final Buffer body = Buffer.buffer();

  private ShortBody(HttpClientResponse response, int bytesMax) {
    this.response = response;
    this.bytesMax = bytesMax;
  }

  /**
   * The body, or its beginning where it is longer than that; the connection is closed then. Call it
   * at once, before the body comes.
   */
  static Future<Buffer> of(HttpClientResponse response, int bytesMax) {
    ShortBody body = new ShortBody(response, bytesMax);
    response.exceptionHandler(body.read::tryFail);
    response.endHandler(ended -> body.read.tryComplete(body.body));
    response.handler(body::came);
    return body.read.future();
  }

  private void came(Buffer part) {
    int room = bytesMax - body.length();
    if (part.length() <= room) {
      body.appendBuffer(part);
    } else if (read.tryComplete(body.appendBuffer(part, 0, room))) {
      response.request().reset();
    }
  }
}
