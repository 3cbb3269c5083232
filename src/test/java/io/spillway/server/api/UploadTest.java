package io.spillway.server.api;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.time.TimeSource;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("An upload")
@ExtendWith(VertxExtension.class)
class UploadTest {
  /** Does not know what time it is. */
  private static final class NoClock implements TimeSource {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public long wallMs() {
      throw new IllegalStateException("no clock");
    }
  }

  @Test
  @DisplayName("ends with the failure when a piece of it cannot even be read")
  void throwing(Vertx vertx) {
    Promise<Upload.End> end = Promise.promise();
    HttpServer server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      new Upload(
                              vertx,
                              new NoClock(),
                              request,
                              1_000,
                              Duration.ofSeconds(30),
                              () -> true)
                          .receive()
                          .onComplete(end);
                      end.future().onComplete(ended -> request.response().end());
                    })
                .listen(0, "127.0.0.1"));
    await(
        vertx
            .createHttpClient()
            .request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/")
            .compose(request -> request.send(Buffer.buffer("{\"a\":1}\n{\"a\":2}\n"))));
    assertThat(Await.failure(end.future())).hasMessage("no clock");
  }
}
