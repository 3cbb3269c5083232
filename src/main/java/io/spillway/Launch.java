package io.spillway;

import io.spillway.config.Config;
import io.spillway.config.Loaded;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Vert.x through its application launcher, and sees to it that roles stop in order. */
final class Launch implements VertxApplicationHooks {
  private static final Logger log = LoggerFactory.getLogger(Launch.class);
  private static final int EDGE_WORKERS = 2;
  private static final int SERVER_WORKERS = 4;
  private static final int TERMINATED = 143; // 128 + SIGTERM
  private static final int FAILED = 1;

  private final Config config;
  private final boolean clustered;
  private final String clusterHost;
  private final MainVerticle main;
  private volatile int code = TERMINATED;

  /**
   * @param conf where it comes from, to be watched; null for no file
   * @param demo nothing was configured
   * @param clusterHost this host's address in the cluster; null for the default
   */
  Launch(Loaded loaded, Path conf, boolean demo, boolean clustered, String clusterHost) {
    this.config = loaded.config();
    this.clustered = clustered;
    this.clusterHost = clusterHost;
    this.main = new MainVerticle(loaded, conf, demo);
  }

  /** True once everything runs; false if it did not start, which has been logged. */
  boolean run(String... arguments) {
    return new Application(arguments, this).launch() == 0;
  }

  @Override
  public VertxBuilder createVertxBuilder(VertxOptions options) {
    // One event loop for an edge: its roles call each other for every chunk, and a call to another
    // thread costs more than all that is done in it.
    boolean edgeOnly = config.server() == null;
    options.setEventLoopPoolSize(edgeOnly ? 1 : 2);
    options.setWorkerPoolSize(edgeOnly ? EDGE_WORKERS : SERVER_WORKERS);
    options.setFileSystemOptions(
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false));
    VertxBuilder builder = Vertx.builder().with(options);
    return clustered
        ? builder.withClusterManager(Cluster.manager(config.cluster(), clusterHost))
        : builder; // and the 20 MB of Hazelcast's classes stay where they are
  }

  /** Vert.x itself would stop all roles at once, in no order. */
  @Override
  public void afterVertxStarted(HookContext context) {
    VertxInternal vertx = (VertxInternal) context.vertx();
    vertx.addCloseHook(
        completion ->
            main.stopRoles().onComplete(done -> endIfOneWasLeft()).onComplete(completion));
  }

  /** All is done that has to be done, and Vert.x would wait for the same peer. */
  private void endIfOneWasLeft() {
    if (main.hasLeftOne()) {
      log.info("stopped, without the goodbye of a peer");
      Logging.end();
      Runtime.getRuntime().halt(code);
    }
  }

  @Override
  public Supplier<? extends Deployable> verticleSupplier() {
    return () -> main;
  }

  @Override
  public void afterVerticleDeployed(HookContext context) {
    log.info("started");
  }

  @Override
  public void afterFailureToStartVertx(HookContext context, Throwable error) {
    log.error("cannot start: {}", error == null ? "timed out" : error.getMessage());
  }

  /** To have been told to stop meanwhile is no failure; then the JVM is ending with 143 already. */
  @Override
  public void afterFailureToDeployVerticle(HookContext context, Throwable error) {
    if (main.isStopping()) {
      log.info("stopped before it had started");
      return;
    }
    code = FAILED;
    log.error("cannot start: {}", error == null ? "timed out" : error.getMessage());
  }

  @Override
  public void afterVertxStopped(HookContext context) {
    log.info("stopped");
    Logging.end();
  }

  /** The launcher, but for its own exit: the caller knows the codes that are documented. */
  private static final class Application extends VertxApplication {
    Application(String[] arguments, VertxApplicationHooks hooks) {
      super(arguments, hooks, false, false);
    }
  }
}
