package io.spillway.server.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.spillway.bus.Fault;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.ServerConfig;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.auth.Access;
import io.spillway.server.auth.ConnectionLimiter;
import io.spillway.server.auth.Grant;
import io.spillway.server.auth.Refusal;
import io.spillway.server.live.LiveClient.Admission;
import io.spillway.server.part.Part;
import io.spillway.server.part.ReceiveBudget;
import io.spillway.server.part.Responses;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.spillway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live WebSockets: greets clients, does what they ask for, and lets go of those that are gone.
 */
public final class LiveEndpoint implements Part {
  private static final Logger log = LoggerFactory.getLogger(LiveEndpoint.class);

  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  /** Longest command. */
  private static final int COMMAND_BYTES_MAX = 64 << 10;

  private static final long STOP_WITHIN_MS = 2_000;

  private final Vertx vertx;
  private final TimeSource time;
  private final LimitsConfig limits;
  private final Access access;
  private final ReceiveBudget budget;
  private final LiveMetrics metrics;
  private final Hub hub;
  private final Broadcast broadcast;
  private final Replays replays;
  private final Subscriptions subscriptions;
  private final IdleSweeper sweeper;
  private final Set<LiveClient> clients = new HashSet<>();
  private final RateLimitedLog slow = new RateLimitedLog(log);
  private Heartbeat heartbeat;
  private Promise<Void> empty;

  /** On the event loop {@code loop}, to which every client's connection belongs. */
  public LiveEndpoint(
      Vertx vertx,
      EventLoop loop,
      LiveConfig config,
      LimitsConfig limits,
      Access access,
      ReceiveBudget budget,
      MeterRegistry registry,
      TimeSource time) {
    this.vertx = vertx;
    this.time = time;
    this.limits = limits;
    this.access = access;
    this.budget = budget;
    metrics = new LiveMetrics(registry);
    RecordView view = new RecordView(config.routes());
    broadcast = new Broadcast(loop, metrics, config.queueBytes(), this::full, time);
    hub = new Hub(vertx, view, broadcast, metrics);
    replays = new Replays(vertx, view, hub, broadcast, metrics, config.replays(), this::live, time);
    OpenIngest openIngest = new OpenIngest(vertx, registry, time);
    subscriptions = new Subscriptions(vertx, hub, broadcast, replays, openIngest, metrics, time);
    sweeper = new IdleSweeper(vertx, config, clients, replays, broadcast, metrics, time);
    metrics.gauge("spillway.live.connections", clients::size);
    metrics.gauge("spillway.live.replays", () -> replays.all().size());
  }

  /** {@code GET /ws/stats}; succeeds when clients can be served. */
  @Override
  public Future<?> mount(Router router) {
    router.route("/ws/stats").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::stats);
    broadcast.warmUp();
    return hub.start()
        .onSuccess(
            started -> {
              sweeper.start();
              heartbeat = new Heartbeat(vertx, this::state);
            });
  }

  /** Closes every connection, and succeeds when they are gone, or soon. */
  @Override
  public Future<?> close() {
    heartbeat.stop();
    sweeper.stop();
    broadcast.send();
    empty = Promise.promise();
    List.copyOf(clients)
        .forEach(client -> client.close(CloseCode.GOING_AWAY, "the server is stopping"));
    if (clients.isEmpty()) {
      empty.complete();
    }
    long timer = vertx.setTimer(STOP_WITHIN_MS, late -> empty.tryComplete());
    return empty.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** Closes those whose grant is not valid any more. */
  @Override
  public void reload(ServerConfig fresh) {
    for (LiveClient client : List.copyOf(clients)) {
      if (!access.authenticator().stillValid(client.admission.grant())) {
        client.close(CloseCode.POLICY, "token revoked");
      }
    }
  }

  private void stats(RoutingContext context) {
    if (access.authenticator().mayRead(context.request())) {
      LiveStats stats = new LiveStats(clients, replays, hub, metrics);
      Responses.json(context, 200, stats.json().encode());
    } else {
      Responses.error(context, 401, "/ws/stats needs a live token");
    }
  }

  private RoleState state() {
    return new RoleState(
        "live",
        "ws",
        Fault.NONE,
        hub.behind(),
        hub.next(),
        Map.of(
            "clients",
            (long) clients.size(),
            "deliveries",
            metrics.deliveries().total(),
            "replays",
            (long) replays.all().size(),
            "slow",
            metrics.slow()));
  }

  /** Whoever may read, and is no edge, watches. */
  @Override
  public boolean upgrade(HttpServerRequest request) {
    Grant grant = access.authenticator().admit(request);
    if (!grant.mayRead() || Wire.isOffered(request.getHeader(SUBPROTOCOL))) {
      return false;
    }
    request.headers().remove(SUBPROTOCOL); // what another part speaks must not be chosen here
    Optional<Refusal> refusal = access.refusal(request);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if (access.origins().allows(request)) {
      ConnectionLimiter.Ticket ticket = access.limiter().enter(request);
      vertx.runOnContext(on -> accept(request, grant, ticket::leave));
    } else {
      access.limiter().showOut(request);
    }
    return true;
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    access
        .limiter()
        .refuse(request, refusal)
        .onFailure(error -> log.debug("[live] gone before it was refused: {}", error.toString()));
  }

  /**
   * @param grant if it may also send, what is no command is a record to be stored
   * @param left run when the client has gone, also if it was never here
   */
  private void accept(HttpServerRequest request, Grant grant, Runnable left) {
    try {
      String peer = access.limiter().client(request);
      UpgradeQuery query = UpgradeQuery.of(request);
      int bytesMax = grant.maySend() ? limits.maxMessageBytes() : COMMAND_BYTES_MAX;
      LiveClient client =
          new LiveClient(
              this, new Admission(peer, bytesMax, grant, left), Selection.ALL, budget, time);
      NettyWebSocketUpgrade.of(request, client, () -> enter(client, query));
    } catch (NettyWebSocketUpgrade.Refused error) {
      left.run();
      refuse(request, new Refusal(error.status, "upgrade", error.getMessage()));
    } catch (RuntimeException | Error error) { // else its place would never be given back
      left.run();
      throw error;
    }
  }

  private void enter(LiveClient client, UpgradeQuery query) {
    clients.add(client);
    if (!access.authenticator().stillValid(client.admission.grant())) { // revoked meanwhile
      client.close(CloseCode.POLICY, "token revoked");
      return;
    }
    log.debug("[live] {} connected as {}", client.admission.peer(), client.id);
    client.send(LiveMessages.connection(client.id, hub.next(), time.wallMs()));
    subscriptions.begin(client, query.subscribe());
  }

  /** A message has come. */
  void message(LiveClient client, byte[] bytes) {
    subscriptions.message(client, bytes);
  }

  private void full(LiveClient client, long offset) {
    subscriptions.full(client, offset);
  }

  private void live(LiveClient client) {
    subscriptions.live(client);
  }

  /** It will be closed as too slow. */
  void slow(LiveClient client, String why) {
    slow.warn("[live] " + client.admission.peer() + " is closed as too slow: it " + why);
  }

  /** We close it. */
  void closing(LiveClient client, CloseCode code) {
    metrics.closed(code);
    leaving(client);
  }

  /** It gets nothing more. */
  void leaving(LiveClient client) {
    broadcast.leave(client);
  }

  /** Its connection is gone. */
  void ended(LiveClient client) {
    broadcast.leave(client);
    client.admission.left().run();
    if (clients.remove(client)) {
      log.debug("[live] {} has gone", client.id);
    }
    if (empty != null && clients.isEmpty()) {
      empty.tryComplete();
    }
  }
}
