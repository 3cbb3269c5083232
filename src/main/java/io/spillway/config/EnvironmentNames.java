package io.spillway.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;

/**
 * The variables of the documented scripts, laid over the file. One changes a section that runs and
 * never makes one; which sections a process without a file has is decided in {@link ConfigLoader}.
 */
final class EnvironmentNames {
  private final Loading loading;
  private final JsonObject root;

  EnvironmentNames(Loading loading, JsonObject root) {
    this.loading = loading;
    this.root = root;
  }

  /** Puts the values into the JSON, where the same checks as for the file await them. */
  void apply() {
    set(List.of("BROKER_URL"), "edge", "mqtt", "url", Kind.TEXT);
    set(List.of("TOPIC"), "edge", "mqtt", "topics", Kind.LIST);
    set(List.of("WS_HOST"), "edge", "uplink", "url", Kind.TEXT);
    setUplinkToken();
    set(List.of("WS_PORT", "PORT"), "server", null, "port", Kind.NUMBER);
    set(List.of("OUT_DIR"), "server", "journal", "dir", Kind.TEXT);
    set(List.of("ALLOWED_ORIGINS"), "server", "live", "allowedOrigins", Kind.LIST);
    setServerToken();
    set(List.of("RABBITMQ_URL"), "rabbitmq", null, "url", Kind.TEXT);
    set(List.of("RABBITMQ_EXCHANGE"), "rabbitmq", null, "exchange", Kind.TEXT);
  }

  private enum Kind {
    TEXT,
    LIST,
    NUMBER,
    SECRET
  }

  private void set(List<String> names, String role, String part, String key, Kind kind) {
    JsonObject section = running(role, part);
    if (section == null) {
      return;
    }
    names.forEach(loading::warnIfCut);
    String path = role + "." + (part == null ? "" : part + ".") + key;
    loading
        .variables()
        .findFirst(names)
        .ifPresent(
            found -> {
              section.put(key, json(found.value(), kind));
              loading.overridden(path, found);
            });
  }

  // A token the file takes from a variable of its own choice is from the environment already.
  private void setUplinkToken() {
    JsonObject uplink = running("edge", "uplink");
    if (uplink == null || !isVariable(uplink.getValue("token"))) {
      set(List.of("INGEST_TOKEN"), "edge", "uplink", "token", Kind.SECRET);
    }
  }

  private void setServerToken() {
    JsonObject server = running("server", null);
    boolean none = server != null && !server.containsKey("tokens");
    boolean empty =
        server != null && server.getValue("tokens") instanceof JsonArray list && list.isEmpty();
    if (!none && !empty) {
      return;
    }
    loading
        .variables()
        .find("INGEST_TOKEN")
        .ifPresent(
            found -> {
              JsonObject token = new JsonObject().put("name", "ingest").put("role", "ingest");
              server.put("tokens", new JsonArray().add(token.put("secret", found.value())));
              loading.overridden("server.tokens[0].secret", found);
            });
  }

  /** The section to change; null if it does not run, or is no object, which is reported later. */
  private JsonObject running(String role, String part) {
    if (!(root.getValue(role) instanceof JsonObject section) || part == null) {
      return root.getValue(role) instanceof JsonObject object ? object : null;
    }
    if (!section.containsKey(part)) {
      section.put(part, new JsonObject());
    }
    return section.getValue(part) instanceof JsonObject object ? object : null;
  }

  private static boolean isVariable(Object token) {
    return token instanceof JsonObject reference && reference.containsKey("env");
  }

  private static Object json(String value, Kind kind) {
    return switch (kind) {
      case SECRET -> value;
      case TEXT -> value.strip();
      case NUMBER -> number(value.strip());
      case LIST ->
          new JsonArray(
              Arrays.stream(value.split(",", -1))
                  .map(String::strip)
                  .filter(entry -> !entry.isEmpty())
                  .toList());
    };
  }

  // What is no number stays text; the check of the key then says so, with the variable's name.
  private static Object number(String value) {
    try {
      return Long.valueOf(value);
    } catch (NumberFormatException notANumber) {
      return value;
    }
  }
}
