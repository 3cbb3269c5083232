package io.spillway.iaq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.spillway.config.IaqConfig;
import io.spillway.message.AirQuantity;
import io.spillway.message.Lines;
import io.spillway.message.Timestamps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Makes a measurement of indoor air the documented message, on its way into the journal: members
 * that it lacks ({@code timestamp}, {@code sensor_id}, {@code values}, {@code co2} …, {@code
 * global_score}) are put in front of its own, which stay as they came, byte for byte. So a
 * measurement is one record with one offset, for pages, replays, databases alike.
 *
 * <p>Whatever is no such measurement goes through untouched. For one thread.
 */
public final class Completion implements UnaryOperator<Lines> {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int EXPECTED = 256;

  private final MeasurementReader reader;
  private final TopicSelector selector;
  private final GlobalScore score;

  public Completion(IaqConfig config, LongSupplier nowMs) {
    reader = new MeasurementReader(nowMs);
    selector = new TopicSelector(config.topics());
    score = new GlobalScore(config);
  }

  /** The same records, completed; the very same lines when none lacks anything. */
  @Override
  public Lines apply(Lines lines) {
    byte[] bytes = lines.array();
    Lines.Builder out = null;
    int untouched = lines.from();
    int end;
    for (int start = lines.from(); start < lines.to(); start = end) {
      end = lines.endOfLine(start);
      byte[] missing = missing(bytes, start, end - 1);
      if (missing != null) {
        if (out == null) {
          out = new Lines.Builder(lines.length() + EXPECTED);
        }
        int behindBrace = firstBrace(bytes, start) + 1;
        out.put(bytes, untouched, behindBrace).put(missing).put(',');
        untouched = behindBrace;
      }
    }
    if (out == null) {
      return lines;
    }
    int length = out.put(bytes, untouched, lines.to()).length();
    return new Lines(out.build().array(), 0, length, lines.count());
  }

  /** The members to be added, with commas between them; null if there is none. */
  private byte[] missing(byte[] bytes, int from, int to) {
    Measurement found = reader.read(bytes, from, to);
    if (found == null || !selector.has(found)) {
      return null;
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream(EXPECTED);
    try (JsonGenerator out = JSON.createGenerator(json)) {
      out.writeStartObject();
      write(out, found);
      out.writeEndObject();
    } catch (IOException unwritable) {
      return null; // cannot be, in snapshot
    }
    byte[] object = json.toByteArray();
    return object.length == 2 ? null : Arrays.copyOfRange(object, 1, object.length - 1);
  }

  private void write(JsonGenerator out, Measurement found) throws IOException {
    Set<String> own = found.members();
    if (!own.contains("timestamp")) {
      out.writeStringField("timestamp", Timestamps.format(found.timeMs()));
    }
    if (!own.contains("sensor_id") && found.sensorId() != null) {
      out.writeStringField("sensor_id", found.sensorId());
    }
    if (!own.contains("values")) {
      out.writeObjectFieldStart("values");
      for (Map.Entry<AirQuantity, Double> value : found.values().entrySet()) {
        number(out, value.getKey().label(), value.getValue());
      }
      out.writeEndObject();
    }
    for (Map.Entry<AirQuantity, Double> value : found.values().entrySet()) {
      if (!own.contains(value.getKey().member())) {
        number(out, value.getKey().member(), value.getValue());
      }
    }
    if (!own.contains("global_score")) {
      out.writeNumberField("global_score", score.of(found.values()));
    }
  }

  private static void number(JsonGenerator out, String name, double value) throws IOException {
    if (value == Math.rint(value)) {
      out.writeNumberField(name, (long) value);
    } else {
      out.writeNumberField(name, value);
    }
  }

  private static int firstBrace(byte[] bytes, int start) {
    int at = start;
    while (bytes[at] != '{') {
      at++;
    }
    return at;
  }
}
