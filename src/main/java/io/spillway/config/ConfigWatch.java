package io.spillway.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the configuration file and {@code .env}, and gives the part of a change that needs no
 * restart to the roles. Every key that has changed is told in the log. A mistake is logged, and the
 * old settings stay.
 */
public final class ConfigWatch {
  private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);

  private final Vertx vertx;
  private final Path conf;
  private final Path workingDir;
  private final Map<String, String> environment;
  private final Consumer<Config> changed;
  private final ConfigRetriever retriever;
  private Config running;
  private boolean refused;
  private Future<Void> last = Future.succeededFuture();

  /**
   * Begins to watch, with a look every {@code lookEveryMs}.
   *
   * @param conf the file, or null if there is none
   * @param running what the roles were started with
   * @param changed takes the settings that are valid from now on
   */
  public ConfigWatch(
      Vertx vertx,
      Path conf,
      Path workingDir,
      Map<String, String> environment,
      long lookEveryMs,
      Config running,
      Consumer<Config> changed) {
    this.vertx = vertx;
    this.conf = conf;
    this.workingDir = workingDir;
    this.environment = environment;
    this.running = running;
    this.changed = changed;
    retriever = ConfigFiles.retriever(vertx, conf, workingDir, lookEveryMs);
    // The first time it has changed from nothing: what was written since the start is not missed.
    retriever.listen(change -> last = last.compose(done -> load()));
  }

  public Future<Void> close() {
    return retriever.close();
  }

  private Future<Void> load() {
    return vertx
        .executeBlocking(this::read, false)
        .<Void>map(
            update -> {
              take(update);
              return null;
            })
        .otherwise(
            error -> {
              refused = true;
              log.warn("[CFG] change refused, the old one stays: {}", error.getMessage());
              return null;
            });
  }

  /** What is read, and what can run of it. */
  private record Update(Config fresh, Config next) {}

  private Update read() throws ConfigException {
    ConfigLoader loader = ConfigLoader.open(conf, workingDir, environment);
    Config fresh = loader.load().config();
    Config next = running.withReloadable(fresh);
    // Both are right by themselves; together they may be a server that is open to the network
    // without a token, since its host waits for the next start.
    loader.check(next);
    if (hasIngestToken(running) && !hasIngestToken(next)) {
      // Most likely a deleted .env or a mistyped line, not a decision.
      throw new ConfigException(
          "server.tokens: the last ingest token would be gone, and whoever reaches this port could"
              + " write; to open the server, restart it");
    }
    return new Update(fresh, next);
  }

  private static boolean hasIngestToken(Config config) {
    return config.server() != null
        && config.server().tokens().stream().anyMatch(token -> token.role() == TokenRole.INGEST);
  }

  private void take(Update update) {
    List<String> now = running.differences(update.next);
    if (!now.isEmpty()) {
      log.info("[CFG] changed: {}", String.join(", ", now));
      running = update.next;
      changed.accept(update.next);
    } else if (refused) {
      log.info("[CFG] as before, the refused change is gone");
    }
    refused = false;
    List<String> later = update.next.differences(update.fresh);
    if (!later.isEmpty()) {
      log.warn("[CFG] read at the next start: {}", String.join(", ", later));
    }
  }
}
