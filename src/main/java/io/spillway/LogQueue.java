package io.spillway;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

/**
 * A console that may be read slowly, or not at all (a paused {@code less}, a log shipper that
 * hangs): whoever logs never waits for it. A thread of its own writes; lines for which there is no
 * room are dropped and counted, and where they are missing a line says how many.
 */
final class LogQueue extends AsyncAppender {
  private static final int LINES_MAX = 1_024;
  private static final int STOP_WITHIN_MS = 1_000;

  private ILoggingEvent newest;

  /** The last one before lines were dropped, until that has been told; null if none were. */
  private ILoggingEvent beforeDropped;

  private long dropped;
  private long told;

  /**
   * Started by {@link #start}.
   *
   * @param target of {@link ConsoleAppender#setTarget}
   */
  LogQueue(LoggerContext context, String name, String target, Encoder<ILoggingEvent> encoder) {
    ConsoleAppender<ILoggingEvent> console =
        new ConsoleAppender<>() {
          @Override
          protected void append(ILoggingEvent event) {
            super.append(event);
            ILoggingEvent gap = gapAfter(event);
            if (gap != null) {
              super.append(gap);
            }
          }
        };
    console.setContext(context);
    console.setName(name + "-console");
    console.setTarget(target);
    console.setEncoder(encoder);
    console.start();
    setContext(context);
    setName(name);
    setQueueSize(LINES_MAX);
    setDiscardingThreshold(0);
    setNeverBlock(true);
    setMaxFlushTime(STOP_WITHIN_MS);
    addAppender(console);
  }

  // By one at a time: the room that is seen is there, and what is dropped is counted.
  @Override
  protected synchronized void append(ILoggingEvent event) {
    if (getRemainingCapacity() > 0) {
      newest = event;
      super.append(event);
      return;
    }
    dropped++;
    if (beforeDropped == null) {
      beforeDropped = newest;
    }
  }

  /** How many lines nobody will read. */
  synchronized long dropped() {
    return dropped;
  }

  private synchronized ILoggingEvent gapAfter(ILoggingEvent event) {
    if (event != beforeDropped) {
      return null;
    }
    beforeDropped = null;
    LoggerContext context = (LoggerContext) getContext();
    LoggingEvent gap =
        new LoggingEvent(
            LogQueue.class.getName(),
            context.getLogger(LogQueue.class),
            Level.WARN,
            "[log] {} lines are missing here: nobody read the log, and there is room for {}",
            null,
            new Object[] {dropped - told, LINES_MAX});
    told = dropped;
    return gap;
  }
}
