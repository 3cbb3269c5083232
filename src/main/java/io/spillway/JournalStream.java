package io.spillway;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether standard error goes to systemd's journal, and what it wants to know of a line: its
 * priority, as {@code <3>} before it (sd-daemon(3)).
 */
final class JournalStream {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private JournalStream() {}

  /**
   * True if standard error is still the stream that systemd has connected to the journal; a child
   * of a service inherits the variable, but its output may go elsewhere.
   *
   * @param journalStream of the environment, {@code device:inode} (systemd.exec(5)); may be null
   */
  static boolean isStandardError(String journalStream) {
    if (journalStream == null) {
      return false;
    }
    try {
      Object device = Files.getAttribute(STANDARD_ERROR, "unix:dev");
      Object inode = Files.getAttribute(STANDARD_ERROR, "unix:ino");
      return journalStream.equals(device + ":" + inode);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no Linux
    }
  }

  /** The priority of syslog(3), in angle brackets. */
  static String prefix(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "<3>";
      case Level.WARN_INT -> "<4>";
      case Level.INFO_INT -> "<6>";
      default -> "<7>";
    };
  }
}
