package io.spillway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends a process whose heap is exhausted. Whatever was under way is left as it is then, on any of
 * its threads: it would live on and answer nothing. All that was acknowledged is on the disk, so a
 * new one goes on from there.
 *
 * <p>It is the same as {@code -XX:+ExitOnOutOfMemoryError}, which our services are started with,
 * for whoever starts the jar without, and hears of less: of errors that nobody has caught, as they
 * are all logged. Not of memory beside the heap, nor of an array longer than Java has: what asked
 * for these has failed, and the rest goes on.
 */
final class OutOfMemoryFilter extends TurboFilter {
  static final String WORDS =
      "out of memory: this process ends, and all that was acknowledged is on the disk; raise -Xmx,"
          + " or lower server.limits.maxMessageBytes, server.limits.connections,"
          + " edge.mqtt.maxMessageBytes or edge.batch.maxBytes";

  private static final int CAUSES_MAX = 20;

  /** As HotSpot says it. */
  private static final Set<String> OF_HEAP =
      Set.of("Java heap space", "GC overhead limit exceeded", "Metaspace");

  private final Runnable end;

  /**
   * @param end ends the process, and writes first what was logged
   */
  OutOfMemoryFilter(Runnable end) {
    this.end = end;
  }

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String text, Object[] arguments, Throwable error) {
    if (error != null && isOfHeap(error)) {
      try {
        LoggerFactory.getLogger(OutOfMemoryFilter.class).error(WORDS);
      } finally {
        end.run();
      }
    }
    return FilterReply.NEUTRAL;
  }

  private static boolean isOfHeap(Throwable error) {
    Throwable cause = error;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      // Not a subclass: Netty has one for the memory beside the heap.
      if (cause.getClass() == OutOfMemoryError.class
          && OF_HEAP.contains(String.valueOf(cause.getMessage()))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
