package io.spillway.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Reads the text of a configuration into a JSON tree; every error names the file. */
final class ConfFile {
  // A key given twice would silently lose the first value.
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** A configuration is a few thousand bytes; what is larger was named by mistake. */
  private static final long MAX_BYTES = 1 << 20;

  private ConfFile() {}

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode read(Path file) throws ConfigException {
    if (!Files.exists(file)) {
      throw new ConfigException(
          file
              + ": no such file (working directory: "
              + Path.of("").toAbsolutePath()
              + "); to make one: java -jar bridge-fat.jar sample-config > "
              + file);
    }
    if (Files.isDirectory(file)) {
      throw new ConfigException(file + ": is a directory; allowed: a JSON file");
    }
    return parse(file.toString(), text(file));
  }

  /** The demo: broker, simulator, edge and server on loopback; it comes with the program. */
  static ObjectNode demo() throws ConfigException {
    try (InputStream stream = ConfFile.class.getResourceAsStream("/conf/demo.json")) {
      byte[] bytes = Objects.requireNonNull(stream, "conf/demo.json is in the jar").readAllBytes();
      return parse("built-in demo.json", new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException error) {
      throw new ConfigException("built-in demo.json: cannot be read", error);
    }
  }

  /** Whether it is a regular file that is small enough to be read whole. */
  static boolean isReadable(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES;
  }

  static String text(Path file) throws ConfigException {
    try {
      if (!Files.isRegularFile(file)) {
        throw new ConfigException(file + ": is no regular file; allowed: a text file");
      }
      if (!isReadable(file)) {
        throw new ConfigException(
            file + ": is " + Files.size(file) + " bytes long; allowed: up to " + MAX_BYTES);
      }
      String text = Files.readString(file);
      if (text.indexOf('\0') >= 0) { // UTF-16 without a mark is valid UTF-8, with every other NUL
        throw new ConfigException(file + ": is not UTF-8 text; save it as UTF-8");
      }
      return text;
    } catch (CharacterCodingException error) {
      throw new ConfigException(file + ": is not UTF-8 text; save it as UTF-8", error);
    } catch (AccessDeniedException error) {
      throw new ConfigException(
          file + ": may not be read by this user; ls -l shows who may, chmod and chown change it",
          error);
    } catch (IOException error) {
      throw new ConfigException(file + ": cannot be read (" + reason(error) + ")", error);
    }
  }

  /** What the system says, that too many files are open for example. */
  private static String reason(IOException error) {
    return error instanceof FileSystemException known && known.getReason() != null
        ? known.getReason()
        : error.getClass().getSimpleName();
  }

  static ObjectNode parse(String name, String text) throws ConfigException {
    String json = withoutMark(text);
    if (json.isBlank()) {
      throw new ConfigException(name + ": is empty; allowed: { … }");
    }
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException error) {
      // Without the cause, and in our words: the parser's quote the text, which may be a password
      // somebody forgot to quote.
      throw new ConfigException(name + ":" + JsonMistake.in(json));
    }
    throw new ConfigException(name + ": the top level is not an object; allowed: { … }");
  }

  /** The same of a text of which it does not matter here what is wrong with it. */
  static Optional<ObjectNode> tree(String text) {
    try {
      return JSON.readTree(withoutMark(text)) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException broken) {
      return Optional.empty();
    }
  }

  // Windows editors put a byte order mark in front; it means nothing in UTF-8.
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
