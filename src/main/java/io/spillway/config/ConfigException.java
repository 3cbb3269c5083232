package io.spillway.config;

/**
 * A setting that cannot be used. The message is one line: the key, where its value came from, what
 * was found and what is allowed; it never holds a secret.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(oneLine(message));
  }

  public ConfigException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  // A value with a line break in it must not be able to forge a second log line.
  private static String oneLine(String message) {
    return message.replaceAll("\\p{Cntrl}+", " ");
  }
}
