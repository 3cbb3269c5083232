package io.spillway.uplink;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.UplinkConfig;
import io.spillway.net.Addresses;
import io.spillway.time.TimeSource;
import io.spillway.worker.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeoutException;

/** Asks what is where the server should be for {@code GET /health}, without a token. */
final class HealthProbe {
  private static final int CONNECT_WITHIN_MS = 5_000;
  private static final long ANSWER_WITHIN_MS = 8_000;

  /** So much of the body is read, and may be all that is ever sent. */
  private static final int HEAD_BYTES = 4_096;

  private final Vertx vertx;
  private final UplinkConfig config;
  private final TimeSource time;

  HealthProbe(Vertx vertx, UplinkConfig config, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
  }

  /** Whatever it answers over HTTP; fails if it does not. */
  Future<HealthAnswer> ask() {
    HttpClientOptions options = new HttpClientOptions().setSsl(config.tls());
    if (config.caFile() != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
    }
    HttpClient client = vertx.createHttpClient(options);
    Future<HealthAnswer> answered =
        new Addresses(vertx, config.host())
            .connect(address -> client.request(request(address)).compose(this::head));
    return TimeLimit.within(vertx, ANSWER_WITHIN_MS, answered)
        .recover(
            error ->
                Future.failedFuture(
                    error instanceof TimeoutException
                        ? new Fault(
                                FaultKind.TIMEOUT,
                                "no answer to GET /health within " + ANSWER_WITHIN_MS + " ms")
                            .failure()
                        : error))
        .eventually(client::close);
  }

  private RequestOptions request(InetAddress address) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, config.port())))
        .setHost(config.host())
        .setPort(config.port())
        .setSsl(config.tls())
        .setConnectTimeout(CONNECT_WITHIN_MS)
        .putHeader(HttpHeaders.HOST, config.url().getRawAuthority()) // IPv6 in brackets
        .setURI("/health");
  }

  private Future<HealthAnswer> head(HttpClientRequest request) {
    Promise<HealthAnswer> answered = Promise.promise();
    long askedMs = time.wallMs();
    request
        .send()
        .onSuccess(response -> read(request, response, (askedMs + time.wallMs()) / 2, answered))
        .onFailure(answered::tryFail);
    return answered.future();
  }

  private static void read(
      HttpClientRequest request,
      HttpClientResponse response,
      long ownMs,
      Promise<HealthAnswer> answered) {
    Buffer head = Buffer.buffer();
    Runnable done =
        () ->
            answered.tryComplete(
                HealthAnswer.of(response.statusCode(), response.headers(), head.toString(), ownMs));
    response.handler(
        bytes -> {
          if (!answered.future().isComplete()) {
            head.appendBuffer(bytes);
            if (head.length() >= HEAD_BYTES) {
              done.run();
              request.reset();
            }
          }
        });
    response.endHandler(end -> done.run());
    response.exceptionHandler(cut -> done.run());
  }
}
