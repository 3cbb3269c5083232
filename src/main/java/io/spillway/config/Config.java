package io.spillway.config;

import io.spillway.config.Section.Presence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everything this process was told. A role that is null does not run here. */
public record Config(
    @Section(Presence.OPTIONAL) EdgeConfig edge,
    @Section(Presence.OPTIONAL) ServerConfig server,
    @Section(Presence.OPTIONAL) RabbitConfig rabbitmq,
    @Section(Presence.OPTIONAL) IaqConfig iaq,
    @Section(Presence.OPTIONAL) SinksConfig sinks,
    @Section(Presence.OPTIONAL) BrokerConfig broker,
    @Section(Presence.OPTIONAL) SimulatorConfig simulator,
    @Section(Presence.OPTIONAL) ClusterConfig cluster,
    @Section(Presence.ALWAYS) LogConfig log)
    implements Checked {

  public Config {
    sinks = sinks == null ? SinksConfig.NONE : sinks;
  }

  /**
   * Reads the settings; later wins: defaults, {@code confFile}, {@code .env} in {@code workingDir},
   * {@code environment}. Blocks for a few small files.
   *
   * @param confFile null: an edge or a server if a variable of the documented scripts asks for one,
   *     otherwise the demo
   * @param workingDir where {@code .env} is, and where relative paths start
   * @throws ConfigException one line naming the key, what was found and what is allowed
   */
  public static Loaded load(Path confFile, Path workingDir, Map<String, String> environment)
      throws ConfigException {
    return ConfigLoader.open(confFile, workingDir, environment).load();
  }

  /** These settings with those of {@code fresh} that can change while the process runs. */
  public Config withReloadable(Config fresh) {
    return Reload.mixed(this, fresh);
  }

  /** The keys that differ, by their full names. */
  public List<String> differences(Config other) {
    return Reload.differences(this, other);
  }

  @Override
  public void check(Checks at) throws ConfigException {
    if (edge != null && cluster == null) {
      edge.warnOfMissingParts(at);
    }
    if (server != null) {
      checkDirectories(at);
      return;
    }
    if (rabbitmq != null) {
      throw at.wrong(
          "rabbitmq",
          "there without a section server",
          "only beside server in the same process, whose journal it writes to");
    }
    if (iaq != null) {
      throw at.wrong("iaq", "on without server", "null where no server runs");
    }
    if (sinks.influx() != null || sinks.postgres() != null) {
      String key = sinks.influx() != null ? "sinks.influx" : "sinks.postgres";
      throw at.wrong(key, "given without a server", "null where no server runs");
    }
    if (Stream.of(edge, broker, simulator).allMatch(role -> role == null)) {
      throw new ConfigException(
          at.fileName()
              + ": has nothing to run; allowed: at least one of edge, server, broker, simulator");
    }
  }

  // Each is locked by the role it belongs to, which would take this very process for a stranger.
  private void checkDirectories(Checks at) throws ConfigException {
    if (edge == null || edge.spool() == null) {
      return;
    }
    Path spool = edge.spool().dir();
    if (real(spool).equals(real(server.journal().dir()))) {
      throw at.wrong(
          "edge.spool.dir", spool + ", and so is server.journal.dir", "a directory of its own");
    }
  }

  /** Where it is, links followed; what is not there yet is made just so. */
  private static Path real(Path dir) {
    Path path = dir.toAbsolutePath().normalize();
    try {
      return path.toRealPath();
    } catch (IOException absent) {
      Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }
}
