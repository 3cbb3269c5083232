package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A working directory with a conf.json, a .env and an environment, to load from. */
final class Setup {
  /** An authority that nobody knows, for a century; made with {@code openssl req -x509}. */
  static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBgDCCASWgAwIBAgIULl4kxfpsNhrj60fvHox0f0vMFLEwCgYIKoZIzj0EAwIw
      FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNjA3MDkwN1oYDzIxMjYxMTAy
      MDcwOTA3WjAUMRIwEAYDVQQDDAlhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjO
      PQMBBwNCAAQWOYwwkfe8/PUEQyXX9k/eKeR1+BqnHZcP/jIxz2US3VJMn2jK7V7H
      lxN4VmPiPtcgNYMSjPeMKYpll8xdgO2no1MwUTAdBgNVHQ4EFgQUXTy4a4xxvy9G
      s8kBdDiq7Kk5Qr4wHwYDVR0jBBgwFoAUXTy4a4xxvy9Gs8kBdDiq7Kk5Qr4wDwYD
      VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAsyPS0f4WiSwIy+Bey54U
      Ghb3zobEvZEy5GGJXz0R7ccCIQCedhgx7CSujTTTHZrnEwVKhzQ6rN6uytUAL4Fe
      /p8ckg==
      -----END CERTIFICATE-----
      """;

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private Path confFile;

  Setup(Path directory) {
    this.directory = directory;
  }

  /** Single quotes stand for double ones, so that tests stay readable. */
  Setup conf(String json) {
    return file("conf.json", json.replace('\'', '"')).confFile("conf.json");
  }

  Setup confFile(String name) {
    confFile = Path.of(name);
    return this;
  }

  Setup dotEnv(String... lines) {
    return file(".env", String.join("\n", lines) + "\n");
  }

  Setup env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Setup file(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
      return this;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  Loaded load() throws ConfigException {
    return Config.load(confFile, directory, environment);
  }

  Config config() throws ConfigException {
    return load().config();
  }

  /** The one-line message this set-up is refused with. */
  String refusal() {
    ConfigException error = catchThrowableOfType(ConfigException.class, this::load);
    assertThat(error).as("the refusal").isNotNull();
    assertThat(error.getMessage()).isNotBlank().doesNotContain("\n", "\r");
    return error.getMessage();
  }

  /** An otherwise empty configuration with this one value, such as {@code edge.mqtt.qos}. */
  static String with(String path, Object value) {
    JsonObject root = new JsonObject();
    put(root, path, value);
    if (path.startsWith("server.") && !path.startsWith("server.host")) {
      root.getJsonObject("server").put("host", "127.0.0.1");
    }
    if (path.startsWith("rabbitmq.") || path.startsWith("iaq.")) {
      root.put("server", new JsonObject().put("host", "127.0.0.1"));
    }
    if (path.startsWith("sinks.")) {
      put(root, "server.host", "127.0.0.1");
    }
    if (path.startsWith("sinks.influx.")) {
      put(root, "sinks.influx.database", "d");
    }
    if (path.startsWith("cluster.")) {
      root.put("broker", new JsonObject());
    }
    return root.encode();
  }

  static void put(JsonObject root, String path, Object value) {
    JsonObject section = root;
    String[] keys = path.split("\\.", -1);
    for (int i = 0; i < keys.length - 1; i++) {
      if (!section.containsKey(keys[i])) {
        section.put(keys[i], new JsonObject());
      }
      section = section.getJsonObject(keys[i]);
    }
    section.put(keys[keys.length - 1], value);
  }
}
