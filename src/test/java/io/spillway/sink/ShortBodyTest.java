package io.spillway.sink;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Of an answer")
@ExtendWith(VertxExtension.class)
class ShortBodyTest {
  private static final int BYTES_MAX = 10_000;

  private static Future<Buffer> ask(Vertx vertx, int port) {
    return vertx
        .createHttpClient()
        .request(HttpMethod.POST, port, "127.0.0.1", "/write")
        .compose(HttpClientRequest::send)
        .compose(response -> ShortBody.of(response, BYTES_MAX));
  }

  private static int listen(Vertx vertx, Handler<HttpServerRequest> handler) {
    return await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))
        .actualPort();
  }

  @Test
  @DisplayName("all is read that is no longer than it may be")
  void whole(Vertx vertx) {
    String longest = "x".repeat(BYTES_MAX);
    int port = listen(vertx, request -> request.response().setStatusCode(500).end(longest));
    assertThat(await(ask(vertx, port)).toString()).isEqualTo(longest);
    int silent = listen(vertx, request -> request.response().setStatusCode(500).end());
    assertThat(await(ask(vertx, silent)).length()).isZero();
  }

  @Test
  @DisplayName("that has no end the beginning is read, and the connection closed")
  void endless(Vertx vertx) {
    Promise<Void> closed = Promise.promise();
    int port =
        listen(
            vertx,
            request -> {
              request.connection().closeHandler(gone -> closed.complete());
              goOn(request.response().setStatusCode(500).setChunked(true));
            });
    assertThat(await(ask(vertx, port)).length()).isEqualTo(BYTES_MAX);
    await(closed.future());
  }

  private static void goOn(HttpServerResponse response) {
    response.write("x".repeat(3_000)).onSuccess(written -> goOn(response));
  }

  @Test
  @DisplayName("that breaks off nothing is believed")
  void broken(Vertx vertx) {
    int port =
        listen(
            vertx,
            request -> {
              request.response().setStatusCode(500).setChunked(true).write("x");
              vertx.setTimer(50, later -> request.connection().close());
            });
    Future<Buffer> read = ask(vertx, port);
    assertThat(await(read.transform(Future::succeededFuture)).failed()).isTrue();
  }
}
