package io.spillway;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line an event, on standard error; nothing is configured outside the jar. */
public final class Logging {
  private Logging() {}

  /** Held in a field, or the logger and its level would be garbage collected. */
  private static final class Ours {
    static final Logger LOGGER = Logger.getLogger("io.spillway");
  }

  /** Before the first logger is made. */
  static void configure() {
    System.setProperty("java.util.logging.manager", Patient.class.getName());
    try (InputStream properties = Logging.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(properties);
    } catch (IOException e) {
      throw new UncheckedIOException("logging.properties", e);
    }
  }

  /** From now on, for our own lines. */
  static void level(Level level) {
    Ours.LOGGER.setLevel(level);
  }

  /** Keeps its handlers while the JVM shuts down: what is said while draining has to be read. */
  public static final class Patient extends LogManager {
    @Override
    public void reset() {
      if (!shuttingDown()) {
        super.reset();
      }
    }

    private static boolean shuttingDown() {
      return Thread.currentThread().getClass().getName().contains("LogManager$Cleaner");
    }
  }

  /** {@code 2026-11-21T05:20:00.123Z WARN text}, and a stack trace if there is one. */
  public static final class Line extends Formatter {
    @Override
    public String format(LogRecord event) {
      StringWriter line = new StringWriter();
      line.append(
          Instant.ofEpochMilli(event.getMillis()).truncatedTo(ChronoUnit.MILLIS).toString());
      line.append(' ').append(level(event.getLevel().intValue())).append(' ');
      line.append(formatMessage(event)).append('\n');
      if (event.getThrown() != null) {
        event.getThrown().printStackTrace(new PrintWriter(line, true));
      }
      return line.toString();
    }

    private static String level(int level) {
      if (level >= 1_000) {
        return "ERROR";
      }
      return level >= 900 ? "WARN " : level >= 800 ? "INFO " : "DEBUG";
    }
  }
}
