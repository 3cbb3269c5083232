package io.spillway;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.config.Config;
import io.spillway.config.ConfigWatch;
import io.spillway.config.Loaded;
import io.spillway.config.Reconfigurable;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the roles, downstream first, and stops them, upstream first. */
final class MainVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(MainVerticle.class);
  private static final long LOOK_EVERY_MS = 1_000;

  /** So long the role that is being started is waited for when it is time to stop. */
  private static final long START_WITHIN_MS = 10_000;

  /**
   * Each role has limits of its own, and those of a role that may be left are shorter. But it has
   * stopped only when its client has, and that of PostgreSQL waits for a database that is frozen.
   */
  private static final long LEFT_AFTER_MS = 8_000;

  /** A role that runs, by the id of its deployment. */
  private record Running(String id, boolean mayBeLeft) {}

  private final Loaded loaded;
  private final Config config;
  private final Path conf;
  private final boolean demo;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Deque<Running> running = new ArrayDeque<>();
  private final List<Reconfigurable> reconfigurables = new ArrayList<>();

  private volatile boolean stopping;
  private volatile boolean leftOne;
  private Future<Void> started = Future.succeededFuture();
  private ConfigWatch watch;
  private Future<Void> undeployed = Future.succeededFuture();

  MainVerticle(Loaded loaded, Path conf, boolean demo) {
    this.loaded = loaded;
    this.config = loaded.config();
    this.conf = conf;
    this.demo = demo;
  }

  @Override
  public Future<?> start() {
    Logging.level(config.log().level());
    Channels.register(vertx);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    FunctionCounter.builder("spillway.log.dropped", this, any -> Logging.dropped())
        .register(registry);
    for (Roles.Role role : new Roles(config, demo, registry).downstreamFirst()) {
      started = started.compose(previous -> stopping ? stopped() : deploy(role));
    }
    return started
        .onSuccess(all -> watch())
        .recover(error -> undeployAll().transform(done -> Future.failedFuture(error)));
  }

  private static Future<Void> stopped() {
    return Future.failedFuture("stopped before it had started");
  }

  private void watch() {
    watch =
        new ConfigWatch(
            vertx, conf, Path.of(""), System.getenv(), LOOK_EVERY_MS, loaded, this::reconfigure);
  }

  @Override
  public Future<?> stop() {
    return stopRoles();
  }

  /** Whether it has been told to stop, be it before it had started. */
  boolean isStopping() {
    return stopping;
  }

  /** Whether a role could not be waited for, and something of it is still open. */
  boolean hasLeftOne() {
    return leftOne;
  }

  /**
   * Before Vert.x is closed, from any thread. Each role finishes its work, within its own limits.
   * While roles are being started, the one under way is waited for, and no other begins: a role
   * that is stopped half-way would leave what it has opened, and its errors would be told.
   */
  Future<Void> stopRoles() {
    stopping = true;
    return context == null ? Future.succeededFuture() : Future.future(this::stopOnContext);
  }

  private void stopOnContext(Promise<Void> done) {
    context.runOnContext(
        on -> {
          long limit = vertx.setTimer(START_WITHIN_MS, late -> undeployAll().onComplete(done));
          started.onComplete(
              settled -> {
                if (vertx.cancelTimer(limit)) {
                  undeployAll().onComplete(done);
                }
              });
        });
  }

  /** The last one started first; who asks again waits for the same. */
  private Future<Void> undeployAll() {
    if (watch != null) { // or it looks when there are no threads for it any more
      undeployed = undeployed.eventually(watch::close);
      watch = null;
    }
    while (!running.isEmpty()) {
      Running role = running.pop();
      undeployed =
          undeployed
              .compose(previous -> undeploy(role))
              .recover(
                  error -> {
                    log.error("a role did not stop cleanly: {}", error.getMessage());
                    return Future.succeededFuture();
                  });
    }
    return undeployed;
  }

  private Future<Void> undeploy(Running role) {
    Future<Void> stopped = vertx.undeploy(role.id());
    return role.mayBeLeft()
        ? stopped
            .timeout(LEFT_AFTER_MS, TimeUnit.MILLISECONDS)
            .recover(error -> stopped.isComplete() ? Future.failedFuture(error) : left())
        : stopped;
  }

  private Future<Void> left() {
    leftOne = true;
    log.warn("a role waits for a peer that says nothing any more; it is left");
    return Future.succeededFuture();
  }

  private Future<Void> deploy(Roles.Role next) {
    Deployable role = next.make();
    return vertx
        .deployVerticle(role)
        .<Void>map(
            id -> {
              running.push(new Running(id, next.mayBeLeft()));
              if (role instanceof Reconfigurable reconfigurable) {
                reconfigurables.add(reconfigurable);
              }
              return null;
            });
  }

  private void reconfigure(Config fresh) {
    Logging.level(fresh.log().level());
    Logging.format(fresh.log().format());
    reconfigurables.forEach(role -> role.reconfigure(fresh));
  }
}
