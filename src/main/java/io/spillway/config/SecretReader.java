package io.spillway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Turns text, {@code {"env":"NAME"}} or {@code {"file":"path"}} into a secret. An error repeats
 * neither name nor path: the secret itself may stand in their place.
 */
final class SecretReader {
  static final String ALLOWED = "text, {\"env\":\"NAME\"} or {\"file\":\"path\"}";

  /** What variables are called (POSIX, Environment Variables), and hardly a secret is. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");

  /** What a shell or Compose would put a variable's value in place of. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{.*\\}|\\$" + VARIABLE.pattern());

  private static final long MAX_FILE_BYTES = 65_536;

  private final Loading loading;

  SecretReader(Loading loading) {
    this.loading = loading;
  }

  /**
   * @param variable it is the value of a variable that stands for the key, and so taken as it is
   */
  Secret read(JsonNode json, boolean variable) throws Unusable {
    if (json.size() == 1 && json.path("env").isTextual()) {
      String name = json.get("env").textValue();
      return secret(fromVariable(name), "the value of a variable");
    }
    if (json.size() == 1 && json.path("file").isTextual()) {
      String name = json.get("file").textValue();
      return secret(fromFile(name), "a file");
    }
    if (json.isTextual()) {
      return variable ? secret(json.textValue(), "text") : literal(json.textValue());
    }
    throw new Unusable(Found.kind(json), null);
  }

  private static Secret literal(String text) throws Unusable {
    if (REFERENCE.matcher(text.strip()).matches()) { // nobody puts a value there
      throw new Unusable(
          "text that names a variable as a shell would",
          "{\"env\":\"NAME\"}; for a secret that looks so, {\"file\":\"path\"}");
    }
    return secret(text, "text");
  }

  private String fromVariable(String name) throws Unusable {
    Variables.Found found = loading.variables().find(name).orElse(null);
    if (found == null && VARIABLE.matcher(name).matches()) {
      throw new Unusable(
          "{\"env\":\"" + name + "\"}, which is not set",
          name + " set in the environment or in .env");
    }
    if (found == null) { // what stands there may be the secret itself
      throw new Unusable(
          "an object with the name of a variable that is not set",
          "{\"env\":\"NAME\"}, NAME set in the environment or in .env");
    }
    loading.taken(found);
    return found.value();
  }

  private String fromFile(String name) throws Unusable {
    try {
      Path file = Form.resolve(name, loading.workingDir());
      String problem = problem(file);
      if (problem != null) {
        throw new Unusable(
            "an object with the path of " + problem, "{\"file\":\"path\"}, a file up to 64 KiB");
      }
      // An editor ends the file with a line break that is no part of the secret.
      return Files.readString(file).replaceFirst("\r?\n\\z", "");
    } catch (IOException | InvalidPathException error) {
      throw new Unusable(
          "an object with the path of a file that cannot be read",
          "{\"file\":\"path\"}, a readable UTF-8 file");
    }
  }

  /** Why a file is none that a secret can be in; null if it is one. */
  private static String problem(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return "a directory";
    }
    if (!Files.isRegularFile(file)) {
      return Files.exists(file) ? "what is no regular file" : "a file that is not there";
    }
    return Files.size(file) > MAX_FILE_BYTES ? "a file of " + Files.size(file) + " bytes" : null;
  }

  private static Secret secret(String value, String from) throws Unusable {
    if (value.isBlank()) {
      throw new Unusable(from + ", which is empty", null);
    }
    return new Secret(value);
  }
}
