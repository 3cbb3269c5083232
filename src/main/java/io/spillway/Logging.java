package io.spillway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import io.spillway.config.LogFormat;
import io.spillway.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * One line an event, on standard error; nothing is configured outside the jar. Whoever logs never
 * waits for whoever reads: see {@link LogQueue}.
 *
 * <p>Logback finds this class in {@code META-INF/services} and looks for no file then; a parser of
 * XML that reads a dozen constants would cost an edge 2 MB.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
  static final String OURS = "io.spillway";

  /** As the JVM itself ends with {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  /** That the configuration has changed, be it to fewer lines: heard whatever the level is. */
  private static final String OF_CONFIG = OURS + ".config";

  /** Who is heard less than the others, which are heard from {@code warn} on, and why. */
  private static final Map<String, Level> QUIETER =
      Map.of(
          // Says with a stack trace what Launch says in one line.
          "io.vertx.launcher", Level.OFF,
          // Each attempt to connect; the roles say when it works and when not.
          "io.vertx.mqtt", Level.OFF,
          "com.rabbitmq.client.impl.SocketFrameHandler", Level.OFF,
          // Warnings about a member that was killed come with pages of stack traces, and mend
          // themselves.
          "com.hazelcast", Level.ERROR,
          // A hundred lines of "no dead letter address" help nobody.
          "org.apache.activemq", Level.ERROR,
          // A connection that comes while the port is being closed: Vert.x has no event loop for it
          // any more.
          "io.netty.bootstrap", Level.ERROR,
          "io.vertx.core.http.impl", Level.ERROR,
          // "Connection reset", without saying whose, while a WebSocket is being opened: nobody
          // listens yet, and the failed attempt tells the role.
          "io.vertx.core.net.impl.ConnectionBase", Level.OFF);

  /**
   * What was published to a role that stops: it was meant for whoever listens. That a message is
   * discarded because too many wait is said by the same logger, and heard.
   */
  private static final Filter<ILoggingEvent> STOPPED_LISTENING =
      new Filter<>() {
        @Override
        public FilterReply decide(ILoggingEvent event) {
          boolean late =
              event.getMessage() != null
                  && event.getMessage().startsWith("Discarding message since the consumer is not");
          return late && event.getLoggerName().startsWith("io.vertx.core.eventbus")
              ? FilterReply.DENY
              : FilterReply.NEUTRAL;
        }
      };

  private static final LineEncoder ENCODER =
      new LineEncoder(JournalStream.isStandardError(System.getenv("JOURNAL_STREAM")));

  private static final List<LogQueue> queues = new CopyOnWriteArrayList<>();

  /** Called by Logback, when the first logger is made. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogQueue appender = new LogQueue(context, "stderr", "System.err", ENCODER);
    appender.addFilter(STOPPED_LISTENING);
    appender.start();
    queues.add(appender);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    QUIETER.forEach((name, level) -> context.getLogger(name).setLevel(level));
    ours(context, Level.INFO);
    context.addTurboFilter(new DescriptorFilter(TimeSource.SYSTEM));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** What this logger says goes to standard output, as it is, whatever the level of the log. */
  static void print(Class<?> name) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LogQueue appender = new LogQueue(context, "stdout", "System.out", new PlainEncoder());
    appender.start();
    queues.add(appender);
    Logger logger = context.getLogger(name);
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  /**
   * Writes what is waiting, if somebody reads it within a second: the last that the process does.
   */
  static void end() {
    queues.forEach(LogQueue::stop);
  }

  /** From now on, a heap that is exhausted is the end of this process. */
  static void endWhenOutOfMemory() {
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .addTurboFilter(new OutOfMemoryFilter(Logging::halt));
  }

  private static void halt() {
    try {
      end();
    } finally {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }

  /** How many lines were dropped because nobody read them. */
  static long dropped() {
    return queues.stream().mapToLong(LogQueue::dropped).sum();
  }

  /** What the JDK says by java.util.logging, or of a thread that died, comes the same way. */
  static void takeOverJdk() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(Logging::died);
  }

  /** The JDK would print it as it is, and the message may be a peer's. */
  private static void died(Thread thread, Throwable error) {
    try {
      LoggerFactory.getLogger(OURS).error("thread {} died", thread.getName(), error);
    } catch (OutOfMemoryError notEvenThat) {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }

  /** From now on, for every line. */
  static void format(LogFormat format) {
    ENCODER.format(format);
  }

  /** From now on, for our own lines. */
  static void level(org.slf4j.event.Level level) {
    ours((LoggerContext) LoggerFactory.getILoggerFactory(), Level.convertAnSLF4JLevel(level));
  }

  private static void ours(LoggerContext context, Level level) {
    context.getLogger(OURS).setLevel(level);
    context.getLogger(OF_CONFIG).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.INFO : level);
  }

  /** The message and a line end. */
  private static final class PlainEncoder extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] encode(ILoggingEvent event) {
      return (event.getFormattedMessage() + '\n').getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }
}
