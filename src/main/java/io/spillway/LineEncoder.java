package io.spillway;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import io.spillway.config.LogFormat;
import io.spillway.message.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One line an event, whatever is in its text.
 *
 * <p>Text: {@code 2026-11-21T05:20:00.123Z WARN text}, and the lines of a stack trace if there is
 * one. JSON: {@code {"timestamp":1795238400123,"level":"WARN","threadName":…,"loggerName":…,
 * "formattedMessage":"text","throwable":null}}; it is Logback's own encoder, which needs no other
 * library: the one of Logstash would load all of Jackson Databind for a line.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  private final boolean toJournal;
  private volatile JsonEncoder json; // null for text

  /**
   * @param toJournal whether each line begins with its priority
   */
  LineEncoder(boolean toJournal) {
    this.toJournal = toJournal;
  }

  /** From now on; at first it is text. */
  void format(LogFormat format) {
    json = format == LogFormat.JSON ? jsonEncoder() : null;
  }

  private static JsonEncoder jsonEncoder() {
    JsonEncoder json = new JsonEncoder();
    json.setWithSequenceNumber(false);
    json.setWithNanoseconds(false);
    json.setWithContext(false);
    json.setWithMDC(false);
    json.setWithMessage(false);
    json.setWithArguments(false);
    json.setWithFormattedMessage(true);
    return json;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String prefix = toJournal ? JournalStream.prefix(event.getLevel()) : "";
    StringBuilder lines = new StringBuilder(160);
    JsonEncoder now = json;
    if (now == null) {
      text(lines, prefix, event);
    } else {
      String line = new String(now.encode(event), StandardCharsets.UTF_8).stripTrailing();
      line(lines, prefix, line);
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(StringBuilder lines, String prefix, ILoggingEvent event) {
    String time =
        Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS).toString();
    String level = (event.getLevel() + " ").substring(0, 5);
    line(lines, prefix, time + ' ' + level + ' ' + event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      trace(lines, prefix, "", event.getThrowableProxy());
    }
  }

  /** As {@link Throwable#printStackTrace()}; a message can come from a peer, so it is escaped. */
  private static void trace(
      StringBuilder lines, String prefix, String relation, IThrowableProxy error) {
    String message = error.getMessage() == null ? "" : ": " + error.getMessage();
    line(lines, prefix, relation + error.getClassName() + message);
    StackTraceElementProxy[] frames = error.getStackTraceElementProxyArray();
    int own = frames.length - error.getCommonFrames();
    for (int i = 0; i < own; i++) {
      lines.append(prefix).append('\t').append(frames[i].getSTEAsString()).append('\n');
    }
    if (own < frames.length) {
      lines.append(prefix).append("\t... ").append(frames.length - own).append(" more\n");
    }
    for (IThrowableProxy suppressed : error.getSuppressed()) {
      trace(lines, prefix, "Suppressed: ", suppressed);
    }
    if (error.getCause() != null && !error.isCyclic()) {
      trace(lines, prefix, "Caused by: ", error.getCause());
    }
  }

  private static void line(StringBuilder lines, String prefix, String text) {
    lines.append(prefix).append(Printable.of(text)).append('\n');
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
