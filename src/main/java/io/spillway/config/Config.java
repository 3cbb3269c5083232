package io.spillway.config;

import java.nio.file.Path;
import java.util.Map;

/** Everything this process was told. A role that is null does not run here. */
public record Config(
    EdgeConfig edge,
    ServerConfig server,
    BrokerConfig broker,
    SimulatorConfig simulator,
    ClusterConfig cluster) {

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
    ConfigLoader loader = ConfigLoader.open(confFile, workingDir, environment);
    Config config = loader.load();
    return new Loaded(config, loader.loading().warnings(), loader.loading().summary());
  }
}
