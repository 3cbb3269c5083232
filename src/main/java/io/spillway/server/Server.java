package io.spillway.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import io.spillway.bus.Channels;
import io.spillway.config.Config;
import io.spillway.config.IaqConfig;
import io.spillway.config.Reconfigurable;
import io.spillway.config.ServerConfig;
import io.spillway.server.api.ApiEndpoint;
import io.spillway.server.auth.ClientAddress;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Origins;
import io.spillway.server.auth.TokenAuthenticator;
import io.spillway.server.ingest.IngestEndpoint;
import io.spillway.server.live.LiveEndpoint;
import io.spillway.server.mqtt.MqttEndpoint;
import io.spillway.server.status.HealthMetrics;
import io.spillway.server.status.Pipeline;
import io.spillway.server.status.RoleBoard;
import io.spillway.server.status.StatusEndpoint;
import io.spillway.time.TimeSource;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one HTTP port: WebSockets that bring records in, and what the server tells about itself. */
public final class Server extends VerticleBase implements Reconfigurable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  /** Room for the frame that carries a message of the allowed size, and its header. */
  private static final int FRAME_OVERHEAD = 64;

  private static final List<String> SUBPROTOCOLS =
      Stream.concat(Stream.of(Wire.SUBPROTOCOL), MqttEndpoint.SUBPROTOCOLS.stream()).toList();

  private static final long LOOK_EVERY_MS = 1_000;

  private final ServerConfig config;
  private final IaqConfig iaq;
  private final boolean database;
  private final IntUnaryOperator brokerPort;
  private final PrometheusMeterRegistry registry;
  private TokenAuthenticator authenticator;
  private ConnectionLimiter limiter;
  private IngestEndpoint ingest;
  private LiveEndpoint live;
  private MqttEndpoint mqtt;
  private ApiEndpoint api;
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
    authenticator = new TokenAuthenticator(config);
    Pipeline pipeline = new Pipeline(Server::nowMs, config.stalled(), registry);
    RoleBoard board = watchRoles(pipeline);
    limiter =
        new ConnectionLimiter(
            config.limits(), new ClientAddress(config.trustedProxies()), registry);
    Origins origins = new Origins(config.live().allowedOrigins());
    int bytesMax = config.limits().maxMessageBytes();
    ingest =
        new IngestEndpoint(
            vertx, bytesMax, authenticator, origins, limiter, pipeline.edges(), registry);
    pipeline.ingest(ingest::figures);
    EventLoop loop = ((ContextInternal) context).nettyEventLoop();
    live =
        new LiveEndpoint(vertx, loop, config.live(), config.limits(), registry, TimeSource.SYSTEM);
    mqtt =
        new MqttEndpoint(
            vertx,
            config.mqtt(),
            brokerPort,
            authenticator,
            origins,
            limiter,
            registry,
            TimeSource.SYSTEM);
    mqtt.start();
    upgrades = new Upgrades(context, authenticator, origins, limiter, ingest, live, mqtt);
    StatusEndpoint status =
        new StatusEndpoint(
            registry, authenticator, limiter, ingest, live, board, config.pages().mqttOrigin());
    api = new ApiEndpoint(vertx, config, iaq, authenticator, registry, database, pipeline);
    return live.start()
        .compose(started -> api.router())
        .onSuccess(routes -> routes.route("/*").subRouter(status.router(vertx)))
        .compose(this::listen);
  }

  private Future<?> listen(Router routes) {
    int bytesMax = config.limits().maxMessageBytes();
    listeners =
        new Listeners(
            () ->
                vertx
                    .createHttpServer(options())
                    .connectionHandler(connection -> BoundedDeflate.install(connection, bytesMax))
                    .requestHandler(request -> route(request, routes)));
    return listeners.listen(config.host(), config.port()).onSuccess(this::listening);
  }

  /** First the WebSockets, with their own close code, then the port. */
  @Override
  public Future<?> stop() {
    upgrades.stop();
    return Future.join(ingest.close(), live.close(), mqtt.close())
        .transform(closed -> listeners.close());
  }

  @Override
  public void reconfigure(Config fresh) {
    context.runOnContext(
        on -> {
          authenticator.tokens(fresh.server().tokens());
          limiter.limits(fresh.server().limits());
          ingest.revoke();
          live.revoke(authenticator::stillValid);
          api.reconfigure(fresh.server());
          mqtt.reconfigure(fresh.server().mqtt());
        });
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }

  private RoleBoard watchRoles(Pipeline pipeline) {
    RoleBoard board = new RoleBoard(Server::nowMs, config.stalled());
    HealthMetrics metrics = new HealthMetrics(board, registry);
    Channels.ROLE_STATE.listen(
        vertx,
        state -> {
          board.update(state);
          pipeline.update(state);
        });
    vertx.setPeriodic(
        LOOK_EVERY_MS,
        tick -> {
          board.tick();
          pipeline.tick();
          metrics.update();
        });
    return board;
  }

  private void route(HttpServerRequest request, Router routes) {
    if (request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      upgrades.upgrade(request);
    } else if (MqttEndpoint.isFor(request)) {
      mqtt.explain(request);
    } else {
      routes.handle(request);
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
        .setWebSocketSubProtocols(SUBPROTOCOLS)
        .setPerFrameWebSocketCompressionSupported(false)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(true);
  }
}
