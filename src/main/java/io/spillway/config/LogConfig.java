package io.spillway.config;

import java.util.Map;
import org.slf4j.event.Level;

/**
 * What is said, and how.
 *
 * @param level of our own lines; libraries are heard from {@code warn} on
 * @param format of every line; JSON also for those that libraries write
 */
public record LogConfig(Level level, LogFormat format) {
  private static final Map<String, Level> LEVELS =
      Choices.of("info", Level.INFO, "debug", Level.DEBUG, "warn", Level.WARN);
  private static final Map<String, LogFormat> FORMATS =
      Choices.of("text", LogFormat.TEXT, "json", LogFormat.JSON);

  static LogConfig from(Section section) throws ConfigException {
    LogConfig config =
        new LogConfig(
            section.choice("level", LEVELS, "info"), section.choice("format", FORMATS, "text"));
    section.rejectUnknownKeys();
    return config;
  }
}
