package io.spillway.sink;

import io.spillway.bus.Fault;
import io.spillway.config.InfluxConfig;
import io.spillway.journal.Damages;
import io.spillway.net.Addresses;
import io.spillway.time.TimeSource;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeoutException;

/**
 * InfluxDB over HTTP, {@code /write} of 1.x or {@code /api/v2/write}. What is written a second time
 * is the same point if it tells a time, and changes nothing; the position is in a file.
 */
final class InfluxDestination implements Destination {
  private static final int NO_CONTENT = 204;

  /** Its answers are much shorter, but for those that repeat what it could not read. */
  private static final int ANSWER_MAX = 64 << 10;

  /** As much of an answer as is worth a log line. */
  private static final int REASON_MAX = 500;

  private final Vertx vertx;
  private final InfluxConfig config;
  private final TimeSource time;
  private final Damages damages = new Damages();
  private final SavedPosition saved;
  private final PointWriter points;
  private final HttpClient client;
  private final Addresses addresses;
  private String journal;

  InfluxDestination(Vertx vertx, InfluxConfig config, Path journalDir, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.time = time;
    saved = new SavedPosition(journalDir, name(), damages);
    points = new PointWriter(config);
    client = vertx.createHttpClient(options());
    addresses = new Addresses(vertx, config.host());
  }

  private HttpClientOptions options() {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(config.isTls())
            .setConnectTimeout(Math.toIntExact(config.sink().timeout().toMillis()));
    if (config.caFile() != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(config.caFile().toString()));
    }
    return options;
  }

  @Override
  public String name() {
    return "influx";
  }

  @Override
  public String address() {
    return config.address();
  }

  @Override
  public Fault notice() {
    return Fault.damaged(damages);
  }

  /** One after the other: the position must not move over what is still on its way. */
  @Override
  public int inFlightMax() {
    return 1;
  }

  @Override
  public Future<Long> open(String journal) {
    this.journal = journal;
    return Blocking.run(vertx, () -> saved.load(journal));
  }

  @Override
  public Future<Written> write(SinkBatch batch) {
    String of = journal;
    return send(batch)
        .compose(
            written ->
                Blocking.run(
                        vertx,
                        () -> {
                          saved.save(of, batch.next());
                          return Written.sent(batch.lines().count(), written);
                        })
                    .recover(error -> Future.failedFuture(Fault.disk(error).failure())));
  }

  /**
   * It is written, and will be again: the same point, unless it tells no time. Then there are two,
   * as after a crash; not to try it would hold up what is behind where no record tells a time. What
   * is there already is not written once more at each attempt: it says nothing.
   */
  @Override
  public Future<Boolean> tryOut(SinkBatch record) {
    return record.first() < record.from() ? Future.succeededFuture(false) : send(record);
  }

  /** Whether there was anything to send. */
  private Future<Boolean> send(SinkBatch batch) {
    return Blocking.run(vertx, () -> points.write(batch, time.wallMs()))
        .compose(
            lines -> lines.length() == 0 ? Future.succeededFuture(false) : post(lines).map(true));
  }

  private Future<Void> post(Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(config.host())
            .setPort(config.port())
            .setURI(uri())
            .setTimeout(config.sink().timeout().toMillis())
            .putHeader("Content-Encoding", "gzip")
            .putHeader("Content-Type", "text/plain; charset=utf-8");
    return addresses
        .connect(
            address ->
                Addresses.number(address)
                    .compose(number -> client.request(options.setServer(at(number)))))
        .compose(request -> send(request, body))
        .compose(this::answered);
  }

  // By its number alone: by the name, the client's pool would take all addresses for one.
  private SocketAddress at(String number) {
    return SocketAddress.inetSocketAddress(config.port(), number);
  }

  private Future<HttpClientResponse> send(HttpClientRequest request, Buffer body) {
    if (config.token() != null) {
      request.putHeader("Authorization", "Token " + config.token().value());
    } else if (config.username() != null) {
      String both = config.username() + ":" + config.password().value();
      byte[] bytes = both.getBytes(StandardCharsets.UTF_8);
      request.putHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    return request
        .send(body)
        .recover(
            error ->
                Future.failedFuture(
                    InfluxTrouble.isUnreadable(error) ? InfluxTrouble.unreadable() : error));
  }

  private String uri() {
    String path = config.url().getRawPath() == null ? "" : config.url().getRawPath();
    return path
        + (config.database() != null
            ? "/write?db=" + encoded(config.database())
            : "/api/v2/write?org=" + encoded(config.org()) + "&bucket=" + encoded(config.bucket()))
        + "&precision="
        + points.precision();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Future<Void> answered(HttpClientResponse response) {
    int status = response.statusCode();
    if (status == NO_CONTENT) {
      return response.end();
    }
    return ShortBody.of(response, ANSWER_MAX)
        .recover(
            error ->
                InfluxTrouble.isUnreadable(error)
                    ? Future.succeededFuture(Buffer.buffer("(the rest cannot be read)"))
                    : Future.failedFuture(error))
        .compose(
            body ->
                Future.failedFuture(
                    InfluxTrouble.of(status, reason(body), body.length() == ANSWER_MAX)));
  }

  private static String reason(Buffer body) {
    String text = body.toString().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return text.length() > REASON_MAX ? text.substring(0, REASON_MAX) + "…" : text;
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture(); // requests have their own limit, and the client is Vert.x's
  }

  @Override
  public Fault explain(Throwable error) {
    if (error instanceof Refused refused) {
      return refused.fault(config.address());
    }
    if (error instanceof InfluxTrouble trouble) {
      return trouble.fault().as(config.address() + ": " + trouble.getMessage());
    }
    if (error instanceof TimeoutException) {
      return Fault.noAnswer(config.address(), config.sink().timeout().toMillis());
    }
    return SinkExamination.influxAway(config.address(), error);
  }
}
