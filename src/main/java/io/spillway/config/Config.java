package io.spillway.config;

import java.nio.file.Path;
import java.util.Map;

/** Everything this process was told. A role that is null does not run here. */
public record Config(
    EdgeConfig edge,
    ServerConfig server,
    RabbitConfig rabbitmq,
    IaqConfig iaq,
    SinksConfig sinks,
    BrokerConfig broker,
    SimulatorConfig simulator,
    ClusterConfig cluster,
    LogConfig log) {

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

  /**
   * These settings with those of {@code fresh} that can change while the process runs: tokens,
   * limits on connections, topics, MQTT rules of the gateway, how to get into RabbitMQ, log level.
   * What differs from {@code fresh} then needs a restart.
   */
  public Config withReloadable(Config fresh) {
    boolean sameEdge = edge != null && edge.mqtt() != null && fresh.edge != null;
    EdgeConfig newEdge =
        sameEdge && fresh.edge.mqtt() != null ? edge.withTopics(fresh.edge.mqtt().topics()) : edge;
    ServerConfig newServer =
        server != null && fresh.server != null ? server.withAccess(fresh.server) : server;
    RabbitConfig newRabbit =
        rabbitmq != null && fresh.rabbitmq != null ? rabbitmq.withAccess(fresh.rabbitmq) : rabbitmq;
    return new Config(
        newEdge, newServer, newRabbit, iaq, sinks, broker, simulator, cluster, fresh.log);
  }
}
