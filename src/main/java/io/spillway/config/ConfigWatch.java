package io.spillway.config;

import io.spillway.worker.Blocking;
import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the configuration file, {@code .env} and the files of secrets, and gives the part of a
 * change that needs no restart to the roles. Every key that has changed is told in the log once,
 * and what would be warned of at a start. A mistake is logged, and the old settings stay.
 */
public final class ConfigWatch {
  private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);

  private final Vertx vertx;
  private final Path conf;
  private final Path workingDir;
  private final Map<String, String> environment;
  private final Consumer<Config> changed;
  private final ConfigRetriever retriever;
  private final long lookEveryMs;

  /** What has stood for two looks. */
  private JsonObject settled;

  private Config running;
  private Loaded read;
  private boolean refused;
  private Future<Void> last = Future.succeededFuture();

  /**
   * Begins to watch, with a look every {@code lookEveryMs}.
   *
   * @param conf the file, or null if there is none
   * @param started what the roles were started with, its warnings told already
   * @param changed takes the settings that are valid from now on
   */
  public ConfigWatch(
      Vertx vertx,
      Path conf,
      Path workingDir,
      Map<String, String> environment,
      long lookEveryMs,
      Loaded started,
      Consumer<Config> changed) {
    this.vertx = vertx;
    this.conf = conf;
    this.workingDir = workingDir;
    this.environment = environment;
    this.running = started.config();
    this.read = started;
    this.changed = changed;
    this.lookEveryMs = lookEveryMs;
    retriever = ConfigFiles.retriever(vertx, conf, workingDir, lookEveryMs);
    // The first time it has changed from nothing: what was written since the start is not missed.
    retriever.listen(
        change -> {
          settled = change.getNewConfiguration();
          loadNext();
        });
  }

  public Future<Void> close() {
    return retriever.close();
  }

  private void loadNext() {
    last = last.compose(done -> load(settled));
  }

  private Future<Void> load(JsonObject settled) {
    return Blocking.runBeside(vertx, () -> readStanding(settled))
        .<Void>map(
            update -> {
              if (update.isPresent()) {
                take(update.get());
              } else {
                vertx.setTimer(lookEveryMs, soon -> loadNext());
              }
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
  private record Update(Loaded loaded, Config next) {}

  /** Empty while the files are not as they have stood: somebody is writing again. */
  private Optional<Update> readStanding(JsonObject settled) throws ConfigException {
    if (!isStanding(settled)) {
      return Optional.empty();
    }
    try {
      Update update = read();
      return isStanding(settled) ? Optional.of(update) : Optional.empty();
    } catch (ConfigException mistake) {
      if (isStanding(settled)) {
        throw mistake;
      }
      return Optional.empty();
    }
  }

  private boolean isStanding(JsonObject settled) {
    return ConfigFiles.look(conf == null ? null : workingDir.resolve(conf), workingDir)
        .equals(settled);
  }

  private Update read() throws ConfigException {
    if (conf != null && !Files.exists(workingDir.resolve(conf))) {
      // Not in the words of the start: a sample would put other settings on what runs.
      throw new ConfigException(conf + ": is not there any more; put it back");
    }
    ConfigLoader loader = ConfigLoader.open(conf, workingDir, environment);
    Loaded loaded = loader.load();
    Config next = running.withReloadable(loaded.config());
    // Both are right by themselves; together they may be a server that is open to the network
    // without a token, since its host waits for the next start.
    loader.check(next);
    if (hasIngestToken(running) && !hasIngestToken(next)) {
      // Most likely a deleted .env or a mistyped line, not a decision.
      throw new ConfigException(
          "server.tokens: the last ingest token would be gone, and whoever reaches this port could"
              + " write; to open the server, restart it");
    }
    return new Update(loaded, next);
  }

  private static boolean hasIngestToken(Config config) {
    return config.server() != null
        && config.server().tokens().stream().anyMatch(token -> token.role() == TokenRole.INGEST);
  }

  private void take(Update update) {
    Loaded before = read;
    read = update.loaded;
    // First, as at a start: they may say why a key has become what nobody wanted.
    read.warnings().stream()
        .filter(warning -> !before.warnings().contains(warning))
        .forEach(log::warn);
    tellOverruled(before);
    List<String> now = running.differences(update.next);
    if (!now.isEmpty()) {
      log.info("[CFG] changed: {}", String.join(", ", now));
      running = update.next;
      changed.accept(update.next);
    } else if (refused) {
      log.info("[CFG] as before, the refused change is gone");
    }
    refused = false;
    List<String> later = later(before.config(), read.config(), update.next);
    if (!later.isEmpty()) {
      log.warn("[CFG] read at the next start: {}", String.join(", ", later));
    }
  }

  /** A key was edited, and a variable goes before it: else the edit would pass without a word. */
  private void tellOverruled(Loaded before) {
    read.overruled().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(before.overruled().get(entry.getKey())))
        .map(Map.Entry::getKey)
        .sorted()
        .forEach(what -> log.warn("[CFG] {}", what));
  }

  /** What waits for the next start and is new; what waits for longer was told then. */
  private static List<String> later(Config before, Config fresh, Config runs) {
    List<String> waiting = runs.differences(fresh);
    return before.withReloadable(fresh).differences(fresh).stream()
        .filter(key -> waiting.stream().anyMatch(wait -> isOf(wait, key) || isOf(key, wait)))
        .toList();
  }

  private static boolean isOf(String section, String key) {
    return key.equals(section) || key.startsWith(section + ".");
  }
}
