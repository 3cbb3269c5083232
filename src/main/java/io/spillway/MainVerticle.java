package io.spillway;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.Channels;
import io.spillway.config.Config;
import io.spillway.config.ConfigWatch;
import io.spillway.config.Reconfigurable;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the roles, downstream first, and stops them, upstream first. */
final class MainVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(MainVerticle.class);
  private static final long LOOK_EVERY_MS = 1_000;

  private final Config config;
  private final Path conf;
  private final boolean demo;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Deque<String> running = new ArrayDeque<>();
  private final List<Reconfigurable> reconfigurables = new ArrayList<>();

  MainVerticle(Config config, Path conf, boolean demo) {
    this.config = config;
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
    new UptimeMetrics().bindTo(registry);
    Future<Void> started = Future.succeededFuture();
    for (Roles.Role role : new Roles(config, demo, registry).downstreamFirst()) {
      started = started.compose(previous -> deploy(role.make()));
    }
    return started
        .onSuccess(
            all ->
                new ConfigWatch(
                    vertx,
                    conf,
                    Path.of(""),
                    System.getenv(),
                    LOOK_EVERY_MS,
                    config,
                    this::reconfigure))
        .recover(error -> stopRoles().transform(done -> Future.failedFuture(error)));
  }

  @Override
  public Future<?> stop() {
    return stopRoles();
  }

  /** Before Vert.x is closed. Each role finishes its work, within its own limits. */
  Future<Void> stopRoles() {
    Future<Void> stopped = Future.succeededFuture();
    while (!running.isEmpty()) {
      String id = running.pop();
      stopped =
          stopped
              .compose(previous -> vertx.undeploy(id))
              .recover(
                  error -> {
                    log.error("a role did not stop cleanly: {}", error.getMessage());
                    return Future.succeededFuture();
                  });
    }
    return stopped;
  }

  private Future<Void> deploy(Deployable role) {
    return vertx
        .deployVerticle(role)
        .<Void>map(
            id -> {
              running.push(id);
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
