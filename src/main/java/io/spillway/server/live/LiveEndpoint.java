package io.spillway.server.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.retry.RateLimitedLog;
import io.spillway.server.auth.Grant;
import io.spillway.server.live.LiveClient.Admission;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live WebSockets: greets clients, does what they ask for, and lets go of those that are gone.
 */
public final class LiveEndpoint {
  private static final Logger log = LoggerFactory.getLogger(LiveEndpoint.class);

  /** Longest command. */
  private static final int COMMAND_BYTES_MAX = 64 << 10;

  private static final long STOP_WITHIN_MS = 2_000;

  private final Vertx vertx;
  private final TimeSource time;
  private final LimitsConfig limits;
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
      MeterRegistry registry,
      TimeSource time) {
    this.vertx = vertx;
    this.time = time;
    this.limits = limits;
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

  /** Succeeds when clients can be served. */
  public Future<Void> start() {
    broadcast.warmUp();
    return hub.start()
        .onSuccess(
            started -> {
              sweeper.start();
              heartbeat = new Heartbeat(vertx, this::state);
            });
  }

  /** Closes every connection, and succeeds when they are gone, or soon. */
  public Future<Void> close() {
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
  public void revoke(Predicate<Grant> valid) {
    for (LiveClient client : List.copyOf(clients)) {
      if (!valid.test(client.admission.grant())) {
        client.close(CloseCode.POLICY, "token revoked");
      }
    }
  }

  /** How many clients are connected. */
  public int connections() {
    return clients.size();
  }

  /** What it does, in numbers. */
  public LiveStats stats() {
    return new LiveStats(clients, replays, hub, metrics);
  }

  private RoleState state() {
    return new RoleState(
        "live",
        "ws",
        "",
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

  /**
   * Makes a live connection of a request that has been let in.
   *
   * @param peer the client's address, as logs and rejected records name it
   * @param grant if it may also send, what is no command is a record to be stored
   * @param left run when the client has gone, also if it was never here
   * @return why the request cannot be upgraded, for an answer with status 400 or 426; null if it
   *     was
   */
  public Refusal accept(HttpServerRequest request, String peer, Grant grant, Runnable left) {
    UpgradeQuery query;
    try {
      query = UpgradeQuery.of(request);
      int bytesMax = grant.maySend() ? limits.maxMessageBytes() : COMMAND_BYTES_MAX;
      LiveClient client =
          new LiveClient(this, new Admission(peer, grant, left), Selection.ALL, time);
      NettyWebSocketUpgrade.of(request, bytesMax, client, () -> enter(client, query));
      return null;
    } catch (NettyWebSocketUpgrade.Refused error) {
      left.run();
      return new Refusal(error.status, error.getMessage());
    }
  }

  /** Why a request was not upgraded. */
  public record Refusal(int status, String reason) {}

  private void enter(LiveClient client, UpgradeQuery query) {
    clients.add(client);
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
