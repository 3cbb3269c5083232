package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import io.spillway.config.ConfigWatch;
import io.spillway.kit.Heard;
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
