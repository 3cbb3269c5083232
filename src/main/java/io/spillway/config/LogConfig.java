package io.spillway.config;

import java.util.Map;
import org.slf4j.event.Level;

/**
 * What is said.
 *
 * @param level of our own lines; libraries are heard from {@code warn} on
 */
public record LogConfig(Level level) {
  private static final Map<String, Level> LEVELS =
      Choices.of("info", Level.INFO, "debug", Level.DEBUG, "warn", Level.WARN);

  static LogConfig from(Section section) throws ConfigException {
    LogConfig config = new LogConfig(section.choice("level", LEVELS, "info"));
    section.rejectUnknownKeys();
    return config;
  }
}
