package io.spillway.rabbit;

import io.micrometer.core.instrument.MeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.bus.Heartbeat;
import io.spillway.bus.RoleState;
import io.spillway.config.Config;
import io.spillway.config.RabbitConfig;
import io.spillway.config.Reconfigurable;
import io.spillway.message.JsonText;
import io.spillway.retry.Backoff;
import io.spillway.retry.OutageLog;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Consumes a queue, has what comes stored, and then acknowledges it to the broker. */
public final class RabbitSource extends VerticleBase
    implements Reconfigurable, RabbitLink.Listener {
  private static final Logger log = LoggerFactory.getLogger(RabbitSource.class);
  private static final int WORKERS = 2;
  private static final long READ_AGAIN_MS = 1_000;

  private final RabbitMetrics metrics;
  private final TimeSource time;
  private final Reconnect reconnect;
  private final OutageLog broker = new OutageLog(log, "[rabbit]");
  private final String idPrefix;
  private final AtomicLong unnamed = new AtomicLong();
  private final String run;

  private RabbitConfig config;
  private WorkerExecutor worker;
  private JournalTail tail;
  private StoreForwarder forwarder;
  private Heartbeat heartbeat;
  private RabbitLink link;
  private long retryTimer = -1;
  private boolean stopping;

  public RabbitSource(RabbitConfig config, MeterRegistry registry, TimeSource time) {
    this.config = config;
    this.time = time;
    metrics = new RabbitMetrics(registry);
    reconnect = new Reconnect(new Backoff(config.reconnect(), config.reconnectMax()));
    idPrefix = "rabbit." + config.queue() + '.';
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    run = HexFormat.of().formatHex(random);
  }

  @Override
  public Future<?> start() {
    worker = vertx.createSharedWorkerExecutor("rabbit", WORKERS);
    StoredIds stored = new StoredIds();
    tail = new JournalTail(vertx, JsonText.escape(idPrefix), stored);
    forwarder = new StoreForwarder(vertx, metrics, stored, tail);
    heartbeat = new Heartbeat(vertx, this::state);
    readTail();
    return Future.succeededFuture();
  }

  /** Has stored what is on its way to the disk, and leaves the rest to the broker. */
  @Override
  public Future<?> stop() {
    stopping = true;
    heartbeat.stop();
    vertx.cancelTimer(retryTimer);
    return forwarder
        .finish()
        .compose(done -> link == null ? Future.succeededFuture() : link.close())
        .eventually(worker::close);
  }

  /** Connects again if the address or the credentials are others. */
  @Override
  public void reconfigure(Config fresh) {
    context.runOnContext(on -> access(fresh.rabbitmq()));
  }

  private void access(RabbitConfig fresh) {
    if (stopping || fresh.equals(config)) {
      return;
    }
    config = fresh;
    reconnect.begin();
    if (reconnect.isUp()) {
      down(new Fault(FaultKind.STOPPING, "connecting again with the changed settings"));
    } else if (vertx.cancelTimer(retryTimer)) {
      connect();
    } // else an attempt with the old settings is on its way, and sees that they have changed
  }

  // Before the first message: it may be one that is stored already.
  private void readTail() {
    tail.read()
        .onSuccess(
            read -> {
              if (!stopping) {
                connect();
              }
            })
        .onFailure(
            error -> {
              if (stopping) {
                return;
              }
              broker.down(
                  BusFailure.fault(error).as("cannot read the journal: " + error.getMessage()));
              vertx.setTimer(READ_AGAIN_MS, again -> readTail());
            });
  }

  private void connect() {
    RabbitLink fresh = new RabbitLink(context, worker, config, this::idOf, this, time);
    link = fresh;
    forwarder.from(fresh);
    fresh
        .open()
        .onSuccess(open -> connected(fresh))
        .onFailure(error -> down(RabbitTrouble.explain(fresh.config(), error)));
  }

  private void connected(RabbitLink fresh) {
    reconnect.up(time.monotonicMs());
    metrics.connected();
    broker.up();
    log.info(
        "[rabbit] consuming {} at {}, virtual host {}{}",
        config.queue(),
        config.address(),
        config.vhost(),
        config.declare()
            ? ", bound to " + config.exchange() + " by " + String.join(", ", config.keys())
            : "");
    if (!fresh.config().equals(config)) {
      down(new Fault(FaultKind.STOPPING, "connecting again with the changed settings"));
    }
  }

  @Override
  public void delivered(RabbitLink from, List<Delivery> deliveries) {
    metrics.received(deliveries);
    forwarder.add(from, deliveries);
  }

  @Override
  public void closed(RabbitLink ended, Fault why) {
    if (ended == link) {
      down(why);
    }
  }

  private void down(Fault why) {
    if (stopping) {
      return;
    }
    broker.down(why);
    RabbitLink old = link;
    forwarder.from(null);
    retryTimer = vertx.setTimer(reconnect.down(time.monotonicMs()), timer -> connect());
    old.close().onFailure(error -> log.debug("[rabbit] close: {}", error.getMessage()));
  }

  /** On the connection's thread. */
  private String idOf(String messageId) {
    boolean named = messageId != null && !messageId.isBlank();
    return idPrefix + (named ? messageId : run + '-' + unnamed.incrementAndGet());
  }

  private RoleState state() {
    metrics.now(reconnect.isUp(), forwarder.waiting(), link == null ? 0 : link.heldBytes());
    return new RoleState(
        "rabbit",
        config.queue(),
        broker.fault().or(forwarder.fault()),
        forwarder.waiting(),
        metrics.done(),
        metrics.counters());
  }
}
