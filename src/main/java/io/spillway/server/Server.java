package io.spillway.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.spillway.config.Config;
import io.spillway.config.GatewayConfig;
import io.spillway.config.IaqConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.Reconfigurable;
import io.spillway.config.ServerConfig;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.api.ApiEndpoint;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Refusal;
import io.spillway.server.ingest.IngestEndpoint;
import io.spillway.server.live.LiveEndpoint;
import io.spillway.server.mqtt.MqttEndpoint;
import io.spillway.server.pages.PagesEndpoint;
import io.spillway.server.part.ApiRoutes;
import io.spillway.server.part.AwakeTime;
import io.spillway.server.part.FairReads;
import io.spillway.server.part.Part;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.part.Responses;
import io.spillway.server.search.SearchEndpoint;
import io.spillway.server.status.StatusEndpoint;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one HTTP port. What is done there, its {@linkplain #parts parts} do. */
public final class Server extends VerticleBase implements Reconfigurable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  /** Room for the frame that carries a message of the allowed size, and its header. */
  private static final int FRAME_OVERHEAD = 64;

  private static final long LOOK_EVERY_MS = 5_000;

  private final RateLimitedLog wrong = new RateLimitedLog(log);
  private final ServerConfig config;
  private final IaqConfig iaq;
  private final boolean database;
  private final IntUnaryOperator brokerPort;
  private final PrometheusMeterRegistry registry;
  private Access access;
  private List<Part> parts;
  private Upgrades upgrades;
  private Listeners listeners;

  /**
   * Of a server whose readers are answered from its journal alone.
   *
   * @param iaq what pages are told of the air; null where nobody watches it
   */
  public Server(ServerConfig config, IaqConfig iaq, PrometheusMeterRegistry registry) {
    this(config, iaq, false, IntUnaryOperator.identity(), registry);
  }

  /**
   * @param iaq what pages are told of the air; null where nobody watches it
   * @param database readers are answered from a database, too
   * @param brokerPort where the broker of {@code server.mqtt} really is, by the configured port;
   *     asked when it is needed
   */
  public Server(
      ServerConfig config,
      IaqConfig iaq,
      boolean database,
      IntUnaryOperator brokerPort,
      PrometheusMeterRegistry registry) {
    this.config = config;
    this.iaq = iaq;
    this.database = database;
    this.brokerPort = brokerPort;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    access = Access.of(config, registry);
    parts = parts(TimeSource.SYSTEM);
    upgrades = new Upgrades(access.limiter(), parts);
    Router router = Router.router(vertx);
    Future<?> mounted = Future.succeededFuture();
    for (Part part : parts) {
      mounted = mounted.compose(before -> part.mount(router));
    }
    return mounted.compose(all -> listen(router));
  }

  /**
   * All that the server does, in the order in which a request is offered to them: a WebSocket goes
   * to the broker by its path, to the live endpoint if its client may read, and else to ingest; a
   * path that no route has is a page, or nothing.
   */
  private List<Part> parts(TimeSource time) {
    EventLoop loop = ((ContextInternal) context).nettyEventLoop();
    long heapBytes = Runtime.getRuntime().maxMemory();
    ApiRoutes routes =
        new ApiRoutes(
            vertx,
            access.authenticator(),
            config.live().allowedOrigins(),
            registry,
            heapBytes,
            ApiRoutes.ANSWER_MS);
    StatusEndpoint status =
        new StatusEndpoint(
            vertx, time, config.stalled(), config.journal().dir(), access, routes, registry);
    int bytesMax = config.limits().maxMessageBytes();
    ReceiveBudget budget = ReceiveBudget.of(bytesMax, heapBytes);
    measure(budget);
    AwakeTime awake = awake(time);
    vertx.setPeriodic(LOOK_EVERY_MS, tick -> budget.tick(awake.monotonicMs()));
    IngestEndpoint ingest =
        new IngestEndpoint(
            vertx, bytesMax, config.live(), access, budget, awake, status.edges(), registry);
    status.ingest(ingest::figures);
    return List.of(
        status,
        new MqttEndpoint(vertx, config.mqtt(), brokerPort, access, registry, awake),
        new LiveEndpoint(
            vertx, loop, config.live(), config.limits(), access, budget, registry, awake),
        ingest,
        new SearchEndpoint(
            vertx, time, config.live().routes(), bytesMax, database, routes, registry),
        new ApiEndpoint(vertx, awake, config, iaq, access, routes, registry),
        new PagesEndpoint(vertx, config.pages().mqttOrigin()));
  }

  /**
   * The clock by which peers are judged, looked at often enough for the shortest of their times.
   */
  private AwakeTime awake(TimeSource time) {
    LiveConfig live = config.live();
    GatewayConfig mqtt = config.mqtt();
    long shortestMs =
        Math.min(
            Math.min(live.ping().toMillis(), live.idle().toMillis()),
            mqtt == null ? Long.MAX_VALUE : mqtt.shortest().toMillis());
    long everyMs = AwakeTime.everyMs(shortestMs);
    AwakeTime awake = new AwakeTime(time, Duration.ofMillis(everyMs));
    vertx.setPeriodic(everyMs, tick -> awake.look());
    return awake;
  }

  private void measure(ReceiveBudget budget) {
    Gauge.builder("spillway.receive.bytes", budget, ReceiveBudget::held).register(registry);
    Gauge.builder("spillway.receive.waiting", budget, ReceiveBudget::waiting).register(registry);
  }

  private Future<?> listen(Router router) {
    router.route().handler(Responses::notFound);
    router.errorHandler(500, Responses::broken);
    int bytesMax = config.limits().maxMessageBytes();
    listeners =
        new Listeners(
            () ->
                vertx
                    .createHttpServer(options())
                    .connectionHandler(connection -> opened(connection, bytesMax))
                    .invalidRequestHandler(this::unreadable)
                    .requestHandler(request -> route(request, router)));
    return listeners.listen(config.host(), config.port()).onSuccess(this::listening);
  }

  /** First the WebSockets, with their own close code, then the port. */
  @Override
  public Future<?> stop() {
    upgrades.stop();
    return Future.join(parts.stream().map(Part::close).toList())
        .transform(done -> listeners.close());
  }

  @Override
  public void reconfigure(Config fresh) {
    context.runOnContext(
        on -> {
          access.reload(fresh.server());
          parts.forEach(part -> part.reload(fresh.server()));
        });
  }

  private void opened(HttpConnection connection, int bytesMax) {
    FairReads.install(connection);
    Resets.install(connection);
    HalfClosure.install(connection);
    BoundedDeflate.install(connection, bytesMax);
    HeadTimeout.install(connection, registry.counter("spillway.http.timeouts")::increment);
  }

  /** What Netty could not read; Vert.x closes the connection when it is answered. */
  private void unreadable(HttpServerRequest request) {
    Throwable why = request.decoderResult().cause();
    Refusal refusal =
        why instanceof TooLongHttpLineException
            ? new Refusal(414, "request", "the first line of the request is too long")
            : why instanceof TooLongHttpHeaderException
                ? new Refusal(431, "request", "the headers are too long")
                : new Refusal(400, "request", "this is no HTTP request that can be read");
    refuse(request, refusal);
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    ConnectionLimiter limiter = access.limiter();
    wrong.warn("[server] " + limiter.client(request) + ": refused: " + refusal.reason());
    limiter
        .refuse(request, refusal)
        .onFailure(gone -> log.debug("[server] gone before it was refused: {}", gone.toString()));
  }

  private void route(HttpServerRequest request, Router router) {
    Optional<Refusal> refusal = RequestCheck.refusal(request);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if (request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      upgrades.upgrade(request);
    } else {
      router.handle(request);
    }
  }

  private void listening(int port) {
    String authority = Listeners.authority(config.host(), port);
    log.info("[server] listening on ws://{}/ws (health: http://{}/health)", authority, authority);
  }

  private HttpServerOptions options() {
    int bytesMax = config.limits().maxMessageBytes();
    return new HttpServerOptions()
        .setMaxWebSocketFrameSize(bytesMax + FRAME_OVERHEAD)
        .setMaxWebSocketMessageSize(bytesMax)
        .setWebSocketSubProtocols(
            parts.stream().flatMap(part -> part.subprotocols().stream()).toList())
        .setPerFrameWebSocketCompressionSupported(false)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(true);
  }
}
