package io.spillway.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret in a file of its own. */
final class SecretText {
  private static final long BYTES_MAX = 65_536;

  private SecretText() {}

  /**
   * What is in the file, without the line end that an editor puts behind it.
   *
   * @param option that names it
   * @throws IllegalArgumentException if it cannot be one
   */
  static String of(String option, Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
        throw new IllegalArgumentException(
            option + " " + file + ": is no file of up to 64 KiB with a secret in it");
      }
      String text = Files.readString(file).replaceFirst("\r?\n\\z", "");
      if (text.isBlank()) {
        throw new IllegalArgumentException(option + " " + file + ": is empty");
      }
      return text;
    } catch (IOException error) {
      throw new IllegalArgumentException(option + " " + file + ": cannot be read as text", error);
    }
  }
}
