package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.spillway.config.ConfigWatch;
import io.spillway.kit.Heard;
import io.spillway.kit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.slf4j.event.Level;

@DisplayName("The log")
class LoggingTest {
  @Test
  @DisplayName("is set up by this program alone: ours from info on, libraries from warn on")
  void levels() {
    assertThat(((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT"))
        .matches(root -> root.getAppender("stderr") != null)
        .matches(root -> root.isWarnEnabled() && !root.isInfoEnabled());
    assertThat(LoggerFactory.getLogger("io.spillway.any").isInfoEnabled()).isTrue();
    assertThat(LoggerFactory.getLogger("io.vertx.launcher.any").isErrorEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.netty.bootstrap.ServerBootstrap").isWarnEnabled())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "Discarding message since the consumer is not registered. address: x ~ DENY",
        "Discarding message as more than 1000 buffered in paused consumer. address: x ~ NEUTRAL"
      })
  @DisplayName("has nothing of what is published to a role that stops, but what is too much for it")
  void stoppedListening(String text, FilterReply reply) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("io.vertx.core.eventbus.impl.MessageConsumerImpl"),
            ch.qos.logback.classic.Level.WARN,
            text,
            null,
            null);
    assertThat(context.getLogger("ROOT").getAppender("stderr").getFilterChainDecision(event))
        .isEqualTo(reply);
  }

  @Test
  @DisplayName("says in one line that no file descriptor is left, and no trace of a library")
  void descriptors() {
    ManualTime time = new ManualTime(0);
    DescriptorFilter filter = new DescriptorFilter(time);
    try (Heard ours = new Heard(DescriptorFilter.class.getName())) {
      for (int second = 0; second < 200; second++) {
        IOException none = new IOException("Too many open files");
        assertThat(decide(filter, "io.netty.channel.DefaultChannelPipeline", none))
            .isEqualTo(FilterReply.DENY);
        time.pass(Duration.ofSeconds(1));
      }
      assertThat(ours.lines()).containsExactly("WARN " + DescriptorFilter.WORDS);
      time.pass(Duration.ofMinutes(1));
      decide(filter, "io.vertx.core.x", new IOException("/x: Too many open files"));
      assertThat(ours.lines()).hasSize(2);
    }
    IOException other = new IOException("Connection reset by peer");
    assertThat(decide(filter, "io.netty.channel.x", other)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(decide(filter, "io.netty.channel.x", null)).isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  @DisplayName("is where the end of the heap is heard of, and that ends the process")
  void outOfMemory() {
    AtomicInteger ended = new AtomicInteger();
    OutOfMemoryFilter filter = new OutOfMemoryFilter(ended::incrementAndGet);
    Throwable beside =
        new OutOfMemoryError("Cannot reserve 16777216 bytes of direct buffer memory");
    Throwable array = new OutOfMemoryError("Requested array size exceeds VM limit");
    for (Throwable other : new Throwable[] {null, beside, array, new IOException("x", beside)}) {
      decide(filter, "io.vertx.core.impl.ContextImpl", other);
    }
    assertThat(ended).hasValue(0);
    try (Heard ours = new Heard(OutOfMemoryFilter.class.getName())) {
      Throwable heap = new OutOfMemoryError("Java heap space");
      decide(filter, "io.vertx.core.impl.ContextImpl", new IllegalStateException(heap));
      assertThat(ours.lines()).containsExactly("ERROR " + OutOfMemoryFilter.WORDS);
    }
    assertThat(ended).hasValue(1);
  }

  private static FilterReply decide(TurboFilter filter, String logger, Throwable error) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    return filter.decide(
        null,
        context.getLogger(logger),
        ch.qos.logback.classic.Level.WARN,
        "An exceptionCaught() event was fired",
        null,
        error);
  }

  @Test
  @DisplayName("changes its level at once")
  void level() {
    Logger log = LoggerFactory.getLogger("io.spillway.any");
    try {
      Logging.level(Level.DEBUG);
      assertThat(log.isDebugEnabled()).isTrue();
      Logging.level(Level.WARN);
      assertThat(log.isInfoEnabled()).isFalse();
    } finally {
      Logging.level(Level.INFO);
    }
    assertThat(log.isInfoEnabled()).isTrue();
    assertThat(log.isDebugEnabled()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Level.class,
      names = {"WARN", "INFO", "DEBUG"})
  @DisplayName("announces a change of the configuration whatever its level, as the start does")
  void changes(Level level) {
    try {
      Logging.level(level);

      assertThat(LoggerFactory.getLogger(ConfigWatch.class).isInfoEnabled()).isTrue();
      assertThat(LoggerFactory.getLogger(ConfigWatch.class).isDebugEnabled())
          .isEqualTo(level == Level.DEBUG);
    } finally {
      Logging.level(Level.INFO);
    }
  }

  @Test
  @DisplayName("takes what a thread says that dies, which the JDK would print as it is")
  void died() throws InterruptedException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Logging.takeOverJdk();
    try (Heard heard = new Heard("io.spillway")) {
      Thread thread =
          new Thread(
              () -> {
                throw new IllegalStateException("of a peer");
              },
              "a thread");
      thread.start();
      thread.join();

      assertThat(heard.lines()).containsExactly("ERROR thread a thread died");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
      SLF4JBridgeHandler.uninstall();
    }
  }

  @Test
  @DisplayName("takes what the JDK says, too")
  void jdk() {
    Logging.takeOverJdk();
    try (Heard heard = new Heard("java.net.any")) {
      java.util.logging.Logger.getLogger("java.net.any").warning("from the JDK");

      assertThat(heard.lines()).containsExactly("WARN from the JDK");
    } finally {
      SLF4JBridgeHandler.uninstall();
    }
  }
}
