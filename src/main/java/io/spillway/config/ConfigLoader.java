package io.spillway.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts file, {@code .env} and environment together, and has them bound to the records. */
final class ConfigLoader {
  private final Loading loading;
  private final ObjectNode root;

  private ConfigLoader(Loading loading, ObjectNode root) {
    this.loading = loading;
    this.root = root;
  }

  static ConfigLoader open(Path confFile, Path workingDir, Map<String, String> environment)
      throws ConfigException {
    if (confFile != null && confFile.toString().isEmpty()) {
      throw new ConfigException("-conf: is empty; allowed: a JSON file");
    }
    Variables variables = new Variables(environment, DotEnvFile.in(workingDir));
    if (confFile != null) {
      ObjectNode root = ConfFile.read(workingDir.resolve(confFile));
      return new ConfigLoader(new Loading(confFile.toString(), workingDir, variables), root);
    }
    ObjectNode root = sectionsFor(variables);
    if (!root.isEmpty()) {
      return new ConfigLoader(new Loading("defaults", workingDir, variables), root);
    }
    Loading loading = new Loading("built-in demo.json", workingDir, variables);
    return new ConfigLoader(loading, demo(variables));
  }

  Loaded load() throws ConfigException {
    root.remove(List.of("$schema")); // for editors
    setServerToken();
    Config config = new Binder(loading).bind(Config.class, root);
    return new Loaded(config, loading.warnings(), loading.summary(), loading.overruled());
  }

  /** Refuses settings that are a mixture of what runs and what is read now, and do not fit. */
  void check(Config mixture) throws ConfigException {
    new Binder(loading).check(mixture, root);
  }

  /** Without a file, the variables of a documented script say which script is replaced. */
  private static ObjectNode sectionsFor(Variables variables) {
    ObjectNode root = ConfFile.empty();
    if (Stream.of("BROKER_URL", "WS_HOST", "TOPIC").anyMatch(variables::has)) {
      root.putObject("edge");
    }
    if (Stream.of("WS_PORT", "OUT_DIR").anyMatch(variables::has)) {
      growing(root.putObject("server"));
    }
    if (Stream.of("RABBITMQ_URL", "RABBITMQ_EXCHANGE").anyMatch(variables::has)) {
      root.putObject("rabbitmq");
      growing(root.putObject("server"));
    }
    return root;
  }

  // As the documented server does: what follows its one file must not find it emptied.
  private static void growing(ObjectNode server) {
    server
        .putObject("journal")
        .put("compress", "none")
        .putNull("segmentBytes")
        .putNull("segmentMinutes");
  }

  // Hosting platforms set PORT; the demo's edge has to follow its server there.
  private static ObjectNode demo(Variables variables) throws ConfigException {
    ObjectNode root = ConfFile.demo();
    Optional<String> port = variables.find("PORT").map(Variables.Found::value).map(String::strip);
    if (port.filter(text -> text.matches("[1-9]\\d{0,4}")).isPresent()) {
      root.withObject("/edge/uplink").put("url", "ws://127.0.0.1:" + port.get() + "/ws");
    }
    return root;
  }

  /** A server without tokens in its file takes that of the documented scripts. */
  private void setServerToken() {
    if (!(root.get("server") instanceof ObjectNode server)) {
      return;
    }
    boolean empty = server.path("tokens").isArray() && server.path("tokens").isEmpty();
    if (server.has("tokens") && !empty) {
      return;
    }
    loading
        .variables()
        .find("INGEST_TOKEN")
        .ifPresent(
            found -> {
              ObjectNode token = server.putArray("tokens").addObject();
              token.put("name", "ingest").put("role", "ingest").put("secret", found.value());
              loading.overridden("server.tokens[0].secret", found, null);
            });
  }
}
