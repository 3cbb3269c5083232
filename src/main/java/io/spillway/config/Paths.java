package io.spillway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads paths; a relative one starts in the working directory. */
final class Paths {
  private Paths() {}

  static Path directory(Section section, String key, String byDefault) throws ConfigException {
    String text = section.text(key, "a directory, made if it is not there", byDefault);
    Path path = resolve(section, key, text);
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw section.wrong(key, path + ", which is a file", "a directory");
    }
    return path;
  }

  /** Certificates (PEM) of the authorities to trust; null means those of the Java platform. */
  static Path caFile(Section section, boolean tls) throws ConfigException {
    String allowed = "a readable PEM file";
    String text = section.optionalText("caFile", java.util.regex.Pattern.compile(".+"), allowed);
    if (text == null) {
      return null;
    }
    Path path = resolve(section, "caFile", text);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw section.wrong("caFile", path + ", which cannot be read", allowed);
    }
    if (!tls) {
      section.loading().warn(section.at("caFile") + ": has no effect, the url is not encrypted");
    }
    return path;
  }

  private static Path resolve(Section section, String key, String text) throws ConfigException {
    try {
      return section.loading().workingDir().resolve(text).normalize();
    } catch (InvalidPathException error) {
      throw section.wrong(key, Section.found(text), "a path");
    }
  }
}
