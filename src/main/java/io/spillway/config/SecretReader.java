package io.spillway.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Turns text, {@code {"env":"NAME"}} or {@code {"file":"path"}} into a secret. */
final class SecretReader {
  static final String ALLOWED = "text, {\"env\":\"NAME\"} or {\"file\":\"path\"}";
  private static final long MAX_FILE_BYTES = 65_536;

  private final Section section;
  private final String key;

  SecretReader(Section section, String key) {
    this.section = section;
    this.key = key;
  }

  Secret read(Object raw) throws ConfigException {
    if (raw instanceof JsonObject reference && reference.size() == 1) {
      if (reference.getValue("env") instanceof String name) {
        return secret(fromVariable(name), "the value of " + name);
      }
      if (reference.getValue("file") instanceof String file) {
        return secret(fromFile(file), "file " + file);
      }
    }
    if (raw instanceof String text) {
      return secret(text, "text");
    }
    throw section.wrong(key, "something else", ALLOWED);
  }

  private String fromVariable(String name) throws ConfigException {
    Variables.Found found =
        section
            .loading()
            .variables()
            .find(name)
            .orElseThrow(
                () ->
                    section.wrong(
                        key,
                        "{\"env\":\"" + name + "\"}, which is not set",
                        name + " set in the environment or in .env"));
    section.loading().warnIfCut(name);
    return found.value();
  }

  private String fromFile(String name) throws ConfigException {
    String found = "{\"file\":\"" + name + "\"}";
    try {
      Path file = section.loading().workingDir().resolve(name);
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_BYTES) {
        throw section.wrong(key, found + ", which is not there", "a file up to 64 KiB");
      }
      // An editor ends the file with a line break that is no part of the secret.
      return Files.readString(file).replaceFirst("\r?\n\\z", "");
    } catch (java.io.IOException | InvalidPathException error) {
      throw section.wrong(key, found + ", which cannot be read", "a readable UTF-8 file");
    }
  }

  private Secret secret(String value, String from) throws ConfigException {
    if (value.isBlank()) {
      throw section.wrong(key, from + ", which is empty", ALLOWED);
    }
    return new Secret(value);
  }
}
