package io.spillway;

import io.spillway.config.Config;
import io.spillway.config.ConfigException;
import io.spillway.config.Loaded;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether the configuration file or {@code .env} has changed, and gives the
 * part of a change that needs no restart to the roles. A mistake is logged, and the old settings
 * stay.
 */
final class ConfigWatch {
  private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);
  private static final long LOOK_EVERY_MS = 1_000;
  private static final Path ENV = Path.of(".env");

  private final Vertx vertx;
  private final Path conf;
  private final Consumer<Config> changed;
  private Config current;
  private String seen;
  private boolean looking;

  /**
   * @param conf the file, or null if there is none
   * @param current what the roles were started with
   * @param changed takes the settings that are valid from now on
   */
  ConfigWatch(Vertx vertx, Path conf, Config current, Consumer<Config> changed) {
    this.vertx = vertx;
    this.conf = conf;
    this.current = current;
    this.changed = changed;
    this.seen = stamp();
    vertx.setPeriodic(LOOK_EVERY_MS, tick -> look());
  }

  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    vertx
        .executeBlocking(this::loadIfChanged, false)
        .onSuccess(
            loaded -> {
              if (loaded != null) {
                take(loaded.config());
              }
            })
        .onFailure(
            error -> log.warn("[CFG] change refused, the old one stays: {}", error.getMessage()))
        .onComplete(done -> looking = false);
  }

  private Loaded loadIfChanged() throws ConfigException {
    String now = stamp();
    if (now.equals(seen)) {
      return null;
    }
    seen = now;
    return Config.load(conf, Path.of(""), System.getenv());
  }

  private void take(Config fresh) {
    Config next = current.withReloadable(fresh);
    if (!next.equals(current)) {
      log.info("[CFG] changed: {}", String.join(", ", differences(current, next)));
      current = next;
      changed.accept(next);
    }
    if (!next.equals(fresh)) {
      log.warn("[CFG] read at the next start: {}", String.join(", ", differences(next, fresh)));
    }
  }

  private static List<String> differences(Config one, Config other) {
    List<String> names = new ArrayList<>();
    add(names, "edge", one.edge(), other.edge());
    add(names, "server", one.server(), other.server());
    add(names, "rabbitmq", one.rabbitmq(), other.rabbitmq());
    add(names, "broker", one.broker(), other.broker());
    add(names, "simulator", one.simulator(), other.simulator());
    add(names, "cluster", one.cluster(), other.cluster());
    add(names, "log", one.log(), other.log());
    return names;
  }

  private static void add(List<String> names, String name, Object one, Object other) {
    if (one == null ? other != null : !one.equals(other)) {
      names.add(name);
    }
  }

  private String stamp() {
    return (conf == null ? "" : stamp(conf)) + ' ' + stamp(ENV);
  }

  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + "/" + Files.size(file);
    } catch (IOException e) {
      return "none";
    }
  }
}
