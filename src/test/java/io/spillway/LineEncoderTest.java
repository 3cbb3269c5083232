package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.spillway.config.LogFormat;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A line of the log")
class LineEncoderTest {
  private static final Instant TIME = Instant.parse("2026-11-21T05:20:00.120Z");

  private final LoggerContext context = new LoggerContext();

  private List<String> lines(LineEncoder encoder, Level level, String text, Throwable error) {
    LoggingEvent event =
        new LoggingEvent("", context.getLogger("io.spillway.Test"), level, text, error, null);
    event.setInstant(TIME);
    String all = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(all).endsWith("\n");
    return all.lines().toList();
  }

  private static LineEncoder json(boolean toJournal) {
    LineEncoder encoder = new LineEncoder(toJournal);
    encoder.format(LogFormat.JSON);
    return encoder;
  }

  @Test
  @DisplayName("is time, level and text")
  void text() {
    LineEncoder encoder = new LineEncoder(false);

    assertThat(lines(encoder, Level.INFO, "started", null))
        .containsExactly("2026-11-21T05:20:00.120Z INFO  started");
    assertThat(lines(encoder, Level.ERROR, "no disk", null))
        .containsExactly("2026-11-21T05:20:00.120Z ERROR no disk");
  }

  @Test
  @DisplayName("stays one line when a peer has written line breaks and escape sequences into it")
  void oneLine() {
    String text = "topic a\r\n2026-11-21T05:20:00.123Z ERROR forged \u001b[31m \u2028 \u202e";
    String escaped =
        "topic a\\r\\n2026-11-21T05:20:00.123Z ERROR forged \\u001b[31m \\u2028 \\u202e";

    assertThat(lines(new LineEncoder(false), Level.WARN, text, null))
        .containsExactly("2026-11-21T05:20:00.120Z WARN  " + escaped);
    List<String> inJson = lines(json(false), Level.WARN, text, null);
    assertThat(inJson).hasSize(1);
    assertThat(inJson.get(0)).contains("forged \\u001B[31m \\u2028 \\u202e");
    assertThat(new JsonObject(inJson.get(0)).getString("formattedMessage")).isEqualTo(text);
  }

  @Test
  @DisplayName("as JSON is an object with time, level, thread, logger, text and the error")
  void json() {
    IllegalStateException error = new IllegalStateException("inner \"text\"\nand more");

    List<String> lines = lines(json(false), Level.ERROR, "cannot {\"go\"} on", error);

    assertThat(lines).hasSize(1);
    JsonObject object = new JsonObject(lines.get(0));
    assertThat(object.fieldNames())
        .containsExactlyInAnyOrder(
            "timestamp", "level", "threadName", "loggerName", "formattedMessage", "throwable");
    assertThat(object.getLong("timestamp")).isEqualTo(TIME.toEpochMilli());
    assertThat(object.getString("level")).isEqualTo("ERROR");
    assertThat(object.getString("loggerName")).isEqualTo("io.spillway.Test");
    assertThat(object.getString("formattedMessage")).isEqualTo("cannot {\"go\"} on");
    assertThat(object.getJsonObject("throwable").getString("message"))
        .isEqualTo(error.getMessage());
  }

  @Test
  @DisplayName("is followed by the stack trace, with causes, whose messages forge no line either")
  void stackTrace() {
    Exception cause = new IllegalArgumentException("from a peer\nERROR forged");
    Exception error = new IllegalStateException("outer", cause);
    error.addSuppressed(new IllegalStateException());

    List<String> lines = lines(new LineEncoder(false), Level.ERROR, "broken", error);

    assertThat(lines.get(0)).endsWith("ERROR broken");
    assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: outer");
    assertThat(lines.get(2)).startsWith("\tat io.spillway.LineEncoderTest.stackTrace(LineEncoder");
    assertThat(lines)
        .contains(
            "Suppressed: java.lang.IllegalStateException",
            "Caused by: java.lang.IllegalArgumentException: from a peer\\nERROR forged")
        .anyMatch(line -> line.matches("\t\\.\\.\\. \\d+ more"));
  }

  @Test
  @DisplayName("has its syslog priority before it when it goes to systemd's journal")
  void priorities() {
    LineEncoder encoder = new LineEncoder(true);

    assertThat(lines(encoder, Level.ERROR, "x", null).get(0)).startsWith("<3>2026-");
    assertThat(lines(encoder, Level.WARN, "x", null).get(0)).startsWith("<4>2026-");
    assertThat(lines(encoder, Level.INFO, "x", null).get(0)).startsWith("<6>2026-");
    assertThat(lines(encoder, Level.DEBUG, "x", null).get(0)).startsWith("<7>2026-");
    assertThat(lines(encoder, Level.ERROR, "x", new IllegalStateException("y\nz")))
        .hasSizeGreaterThan(5)
        .allMatch(line -> line.startsWith("<3>"));
    assertThat(lines(json(true), Level.WARN, "x", null).get(0)).startsWith("<4>{\"");
  }
}
