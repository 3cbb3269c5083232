package io.spillway.sink;

import io.spillway.config.InfluxConfig;
import io.spillway.message.Lines;
import io.spillway.message.RecordTime;
import io.spillway.sink.Destination.Refused;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.influxdb.dto.Point;

/**
 * Makes points of records, in the line protocol of InfluxDB. A number is always a float: the first
 * point fixes the type of a field for ever, and sensors send 21 as well as 21.5.
 */
final class PointWriter {
  private static final int NANOS_PER_MS = 1_000_000;

  /** InfluxDB has 64 bits for nanoseconds: from 1677-09-21 to 2262-04-11. */
  private static final long MS_MAX = Long.MAX_VALUE / NANOS_PER_MS - 1;

  private static final List<String> RECEIVED = List.of("_ts_src");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final char PICTURES = '\u2400'; // of the controls up to U+001F, in their order
  private static final String PICTURE_OF_DELETE = "\u2421";
  private static final char DELETE = '\u007f';

  private static final Pattern LAST_BACKSLASH = Pattern.compile("\\\\\\z");

  /** In the name of a field one escapes another: what stands behind the two is not escaped. */
  private static final Pattern ESCAPING = Pattern.compile("\\\\(?=[,= ]|\\z)");

  private static final String WIDE_BACKSLASH = "\uff3c";

  private final InfluxConfig config;

  PointWriter(InfluxConfig config) {
    this.config = config;
  }

  /** The precision of the times, as the parameter of the request has it. */
  String precision() {
    return config.keepApart() ? "ns" : "ms";
  }

  /**
   * One line for each record that has a field at all, compressed with gzip; nothing if none has.
   *
   * @param nowMs the time of a record that tells none, in milliseconds since 1970
   * @throws Refused if a line is not a JSON object, or of a time that InfluxDB cannot hold
   */
  Buffer write(SinkBatch batch, long nowMs) throws Refused, IOException {
    Lines lines = batch.lines();
    StringBuilder points = new StringBuilder(lines.length());
    int start = lines.from();
    for (int i = 0; i < lines.count(); i++) {
      int end = lines.endOfLine(start);
      String text = new String(lines.array(), start, end - start, StandardCharsets.UTF_8);
      write(points, record(text), batch.first() + i, nowMs);
      start = end;
    }
    return points.isEmpty() ? Buffer.buffer() : gzip(points.toString());
  }

  private static JsonObject record(String text) throws Refused {
    try {
      return new JsonObject(text);
    } catch (DecodeException | ClassCastException notJson) {
      throw new Refused("not a JSON object");
    }
  }

  private void write(StringBuilder points, JsonObject record, long offset, long nowMs)
      throws Refused {
    Point.Builder point = Point.measurement(config.measurement());
    if (config.fields().isEmpty()) {
      numbers(point, "", record);
    } else {
      config.fields().forEach(path -> field(point, path, at(record, path)));
    }
    if (!point.hasFields()) {
      return;
    }
    config.tags().forEach(path -> tag(point, path, at(record, path)));
    long ms = ms(record, nowMs);
    if (config.keepApart()) {
      point.time(ms * NANOS_PER_MS + offset % NANOS_PER_MS, TimeUnit.NANOSECONDS);
      points.append(point.build().lineProtocol(TimeUnit.NANOSECONDS)).append('\n');
    } else {
      point.time(ms, TimeUnit.MILLISECONDS);
      points.append(point.build().lineProtocol(TimeUnit.MILLISECONDS)).append('\n');
    }
  }

  private void numbers(Point.Builder point, String prefix, JsonObject object) {
    for (Map.Entry<String, Object> member : object) {
      String name = prefix + member.getKey();
      if (member.getValue() instanceof JsonObject inner) {
        numbers(point, name + ".", inner);
      } else if (member.getValue() instanceof Number number && !isSpecial(name)) {
        number(point, fieldName(name), number);
      }
    }
  }

  private boolean isSpecial(String name) {
    return name.isEmpty() || name.equals(String.join(".", config.time()));
  }

  private static void field(Point.Builder point, List<String> path, Object value) {
    String name = fieldName(key(path));
    if (value instanceof Number number) {
      number(point, name, number);
    } else if (value instanceof Boolean flag) {
      point.addField(name, flag);
    } else if (value instanceof String text) {
      point.addField(name, text);
    }
  }

  private static void number(Point.Builder point, String name, Number number) {
    double value = number.doubleValue();
    if (Double.isFinite(value)) {
      point.addField(name, value);
    }
  }

  private static void tag(Point.Builder point, List<String> path, Object value) {
    if ((value instanceof String || value instanceof Number || value instanceof Boolean)
        && !value.toString().isBlank()) {
      point.tag(tagText(key(path)), tagText(value.toString()));
    }
  }

  private static String fieldName(String name) {
    return ESCAPING.matcher(printable(name)).replaceAll(WIDE_BACKSLASH);
  }

  /** A tag's name or value; of the backslashes in it only the last one would escape something. */
  private static String tagText(String text) {
    return LAST_BACKSLASH.matcher(printable(text)).replaceFirst(WIDE_BACKSLASH);
  }

  /** Control characters by their pictures: InfluxDB takes some, and then repeats them in errors. */
  private static String printable(String text) {
    return CONTROL.matcher(text).replaceAll(found -> picture(found.group().charAt(0)));
  }

  private static String picture(char control) {
    return control == DELETE ? PICTURE_OF_DELETE : String.valueOf((char) (PICTURES + control));
  }

  /** Names with an underscore in front are InfluxDB's own. */
  private static String key(List<String> path) {
    String key = String.join(".", path);
    return key.startsWith("_") && key.length() > 1 ? key.substring(1) : key;
  }

  private long ms(JsonObject record, long nowMs) throws Refused {
    OffsetDateTime own = time(at(record, config.time()));
    OffsetDateTime time = own != null ? own : time(at(record, RECEIVED));
    long ms = time == null ? nowMs : Instant.from(time).toEpochMilli();
    if (Math.abs(ms) > MS_MAX) {
      throw new Refused("InfluxDB cannot hold its time, " + time);
    }
    return ms;
  }

  private static OffsetDateTime time(Object value) {
    if (value instanceof String text) {
      return RecordTime.of(text);
    }
    return value instanceof Number number ? RecordTime.of(number.doubleValue()) : null;
  }

  private static Object at(JsonObject record, List<String> path) {
    Object at = record;
    for (String name : path) {
      at = at instanceof JsonObject object ? object.getValue(name) : null;
    }
    return at;
  }

  private static Buffer gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() / 4 + 64);
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
