package io.spillway.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a {@link Checked} section can say about its keys. */
final class Checks {
  private static final int TOKEN_MAX = 4096;
  private static final int TOKEN_SHORT = 8;

  private final Loading loading;
  private final String path;
  private final ObjectNode json;

  Checks(Loading loading, String path, ObjectNode json) {
    this.loading = loading;
    this.path = path;
    this.json = json;
  }

  /** The full name of a key here, such as {@code edge.mqtt.url}. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  String fileName() {
    return loading.fileName();
  }

  /** Whether a variable gave this key its value, not the file. */
  boolean isFromVariable(String key) {
    return loading.variableOf(path(key)) != null;
  }

  void warn(String key, String warning) {
    loading.warn(path(key) + ": " + warning);
  }

  /** The error every check ends in. */
  ConfigException wrong(String key, String found, String allowed) {
    String pointer = "/" + key.replace('.', '/').replace("[", "/").replace("]", "");
    boolean given = isFromVariable(key) || !json.at(pointer).isMissingNode();
    return loading.wrong(path(key), given, found, allowed);
  }

  /** The same of a key that is needed, but not there: it belongs into the file. */
  ConfigException missing(String key, String allowed) {
    return loading.wrong(path(key), true, "missing", allowed);
  }

  /** Refuses one time that is not longer than another. */
  void longer(String key, Duration time, String other, Duration than) throws ConfigException {
    if (time.compareTo(than) <= 0) {
      throw wrong(
          key, Long.toString(time.toMillis()), "more than " + other + ", " + than.toMillis());
    }
  }

  /** The waits before connecting again, which are called so wherever there are some. */
  void reconnect(Duration first, Duration longest) throws ConfigException {
    if (longest.compareTo(first) < 0) {
      throw wrong(
          "reconnectMaxMs",
          Long.toString(longest.toMillis()),
          "at least reconnectMs, " + first.toMillis());
    }
  }

  /**
   * Refuses a list with the same entry twice.
   *
   * @param found what to say then, with %s for the entry
   */
  void once(String key, List<String> entries, String found, String allowed) throws ConfigException {
    Set<String> seen = new HashSet<>();
    for (String entry : entries) {
      if (!seen.add(entry)) {
        throw wrong(key, found.formatted(Found.text(entry)), allowed);
      }
    }
  }

  void caFile(Path caFile, boolean tls) {
    if (caFile != null && !tls) {
      warn("caFile", "has no effect, the url is not encrypted");
    }
  }

  /** Refuses a token no HTTP header can carry; warns of one that is easily guessed. */
  void token(String key, Secret token) throws ConfigException {
    String text = token.value();
    if (text.length() > TOKEN_MAX) {
      throw wrong(key, text.length() + " characters long", "up to " + TOKEN_MAX);
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        throw wrong(
            key,
            "a token with a space, control or non-ASCII character at position " + (i + 1),
            "visible ASCII characters, as an HTTP header carries them");
      }
    }
    if (text.equals("change-me")) {
      warn(key, "is still the example from the documentation");
    } else if (text.length() < TOKEN_SHORT) {
      warn(key, "is shorter than " + TOKEN_SHORT + " characters");
    }
  }
}
