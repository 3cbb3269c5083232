package io.spillway.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts file, {@code .env} and environment together, and reads the result section by section. */
final class ConfigLoader {
  private final Loading loading;
  private final JsonObject root;

  private ConfigLoader(Loading loading, JsonObject root) {
    this.loading = loading;
    this.root = root;
  }

  static ConfigLoader open(Path confFile, Path workingDir, Map<String, String> environment)
      throws ConfigException {
    Variables variables = new Variables(environment, DotEnvFile.in(workingDir));
    if (confFile != null) {
      Path file = workingDir.resolve(confFile);
      JsonObject root = ConfFile.read(file);
      return new ConfigLoader(new Loading(confFile.toString(), workingDir, variables), root);
    }
    JsonObject root = sectionsFor(variables);
    if (!root.isEmpty()) {
      return new ConfigLoader(new Loading("defaults", workingDir, variables), root);
    }
    Loading loading = new Loading("built-in demo.json", workingDir, variables);
    return new ConfigLoader(loading, demo(variables));
  }

  Loading loading() {
    return loading;
  }

  Config load() throws ConfigException {
    new EnvironmentNames(loading, root).apply();
    Section top = new Section(loading, "", root);
    Optional<Section> edge = top.optional("edge");
    Optional<Section> server = top.optional("server");
    Optional<Section> rabbitmq = top.optional("rabbitmq");
    Optional<Section> iaq = top.optional("iaq");
    Optional<Section> broker = top.optional("broker");
    Optional<Section> simulator = top.optional("simulator");
    Optional<Section> cluster = top.optional("cluster");
    Section log = top.needed("log");
    Optional<Section> sinks = top.optional("sinks");
    top.rejectUnknownKeys();
    if (Stream.of(edge, server, broker, simulator).allMatch(Optional::isEmpty)) {
      throw new ConfigException(
          loading.fileName()
              + ": has nothing to run; allowed: at least one of edge, server, broker, simulator");
    }
    if (rabbitmq.isPresent() && server.isEmpty()) {
      throw top.wrong(
          "rabbitmq",
          "there without a section server",
          "only beside server in the same process, whose journal it writes to");
    }
    if (iaq.isPresent() && server.isEmpty()) {
      throw top.wrong("iaq", "on without server", "null where no server runs");
    }
    return new Config(
        edge.isPresent() ? EdgeConfig.from(edge.get()) : null,
        server.isPresent() ? ServerConfig.from(server.get()) : null,
        rabbitmq.isPresent() ? RabbitConfig.from(rabbitmq.get()) : null,
        iaq.isPresent() ? IaqConfig.from(iaq.get()) : null,
        sinks.isPresent() ? SinksConfig.from(sinks.get(), server.isPresent()) : SinksConfig.NONE,
        broker.isPresent() ? BrokerConfig.from(broker.get()) : null,
        simulator.isPresent() ? SimulatorConfig.from(simulator.get()) : null,
        cluster.isPresent() ? ClusterConfig.from(cluster.get()) : null,
        LogConfig.from(log));
  }

  /** Without a file, the variables of a documented script say which script is replaced. */
  private static JsonObject sectionsFor(Variables variables) {
    JsonObject root = new JsonObject();
    if (Stream.of("BROKER_URL", "WS_HOST", "TOPIC").anyMatch(variables::has)) {
      root.put("edge", new JsonObject());
    }
    if (Stream.of("WS_PORT", "OUT_DIR").anyMatch(variables::has)) {
      root.put("server", new JsonObject());
    }
    if (Stream.of("RABBITMQ_URL", "RABBITMQ_EXCHANGE").anyMatch(variables::has)) {
      root.put("rabbitmq", new JsonObject());
      root.put("server", new JsonObject());
    }
    return root;
  }

  // Hosting platforms set PORT; the demo's edge has to follow its server there.
  private static JsonObject demo(Variables variables) throws ConfigException {
    JsonObject root = ConfFile.demo();
    Optional<String> port = variables.find("PORT").map(Variables.Found::value).map(String::strip);
    if (port.filter(text -> text.matches("[1-9]\\d{0,4}")).isPresent()) {
      JsonObject uplink = root.getJsonObject("edge").getJsonObject("uplink");
      uplink.put("url", "ws://127.0.0.1:" + port.get() + "/ws");
    }
    return root;
  }
}
