package io.spillway.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Reads the text of a configuration into a JSON object; every error names the file. */
final class ConfFile {
  // A key given twice would silently lose the first value.
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ConfFile() {}

  static JsonObject read(Path file) throws ConfigException {
    if (!Files.exists(file)) {
      throw new ConfigException(file + ": no such file (working directory: " + here() + ")");
    }
    if (Files.isDirectory(file)) {
      throw new ConfigException(file + ": is a directory; allowed: a JSON file");
    }
    return parse(file.toString(), text(file));
  }

  /** The demo: broker, simulator, edge and server on loopback; it comes with the program. */
  static JsonObject demo() throws ConfigException {
    try (InputStream stream = ConfFile.class.getResourceAsStream("/conf/demo.json")) {
      byte[] bytes = Objects.requireNonNull(stream, "conf/demo.json is in the jar").readAllBytes();
      return parse("built-in demo.json", new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException error) {
      throw new ConfigException("built-in demo.json: cannot be read", error);
    }
  }

  static String text(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException error) {
      throw new ConfigException(file + ": is not UTF-8 text; save it as UTF-8", error);
    } catch (IOException error) {
      throw new ConfigException(
          file + ": cannot be read (" + error.getClass().getSimpleName() + ")", error);
    }
  }

  static JsonObject parse(String name, String text) throws ConfigException {
    // Windows editors put a byte order mark in front; it means nothing in UTF-8.
    String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (json.isBlank()) {
      throw new ConfigException(name + ": is empty; allowed: { … }");
    }
    try {
      JsonParser parser = JSON.createParser(json);
      Object top = decode(name, parser);
      if (top instanceof JsonObject object) {
        return object;
      }
    } catch (IOException error) {
      throw new ConfigException(name + ": cannot be read", error);
    }
    throw new ConfigException(name + ": the top level is not an object; allowed: { … }");
  }

  private static Object decode(String name, JsonParser parser) throws ConfigException {
    try {
      return JacksonCodec.fromParser(parser, Object.class);
    } catch (DecodeException error) {
      boolean syntax = error.getCause() instanceof JsonProcessingException;
      JsonLocation at =
          syntax
              ? ((JsonProcessingException) error.getCause()).getLocation()
              : parser.currentLocation();
      String reason =
          syntax
              ? reason((JsonProcessingException) error.getCause())
              : "something follows the closing brace";
      // Without the cause: a stack trace would quote the text.
      throw new ConfigException(
          name + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": broken JSON: " + reason);
    }
  }

  // The parser quotes what it stumbled over, which may be a password somebody forgot to quote.
  private static String reason(JsonProcessingException syntax) {
    String message = String.valueOf(syntax.getOriginalMessage());
    return message.startsWith("Duplicate") ? message : message.replaceAll("'[^']{2,}'", "'…'");
  }

  private static Path here() {
    return Path.of("").toAbsolutePath();
  }
}
