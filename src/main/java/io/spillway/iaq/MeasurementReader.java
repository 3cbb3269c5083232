package io.spillway.iaq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.spillway.message.AirQuantity;
import io.spillway.message.RecordTime;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Reads stored records as measurements. Passed over is what has another type than {@code
 * measurement}, and what has none of the quantities. A value within {@code values} counts more than
 * a member of the same quantity beside it, and the documented name more than another.
 *
 * <p>A sensor that publishes each quantity on a topic of its own is understood, too: {@code
 * {"value":645}} on {@code …/co2}.
 */
final class MeasurementReader {
  /** A longer record is no measurement of a few quantities. */
  static final int LONGEST = 64 << 10;

  private static final int TEXT_MAX = 256;
  private static final Set<String> GENERIC =
      Set.of("state", "sensor", "data", "measurement", "measurements", "telemetry", "value");
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final LongSupplier nowMs;

  /**
   * @param nowMs for records that have no time
   */
  MeasurementReader(LongSupplier nowMs) {
    this.nowMs = nowMs;
  }

  /** The measurement in {@code line[from, to)}, which is without line end; null if it is none. */
  Measurement read(byte[] line, int from, int to) {
    if (to - from > LONGEST) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(line, from, to - from)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? new Fields().read(parser) : null;
    } catch (IOException notJson) {
      return null; // the journal was written by hand
    }
  }

  /** One record as far as it is read. */
  private final class Fields {
    private final Map<AirQuantity, Double> values = new EnumMap<>(AirQuantity.class);
    private final Map<AirQuantity, Integer> ranks = new EnumMap<>(AirQuantity.class);
    private final Set<String> members = new TreeSet<>();
    private String sensorId;
    private String enseigne;
    private String salle;
    private String topic;
    private String id;
    private double value = Double.NaN;
    private long ownMs = -1;
    private long sourceMs = -1;
    private int ignored;
    private boolean retained;

    Measurement read(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (!member(parser, parser.currentName())) {
          return null;
        }
      }
      if (!Double.isNaN(value) && topic != null) {
        AirQuantity quantity = AirQuantity.named(lastLevel(topic));
        if (quantity != null) {
          take(quantity, value, 0);
        }
      }
      if (values.isEmpty()) {
        return null;
      }
      long now = nowMs.getAsLong();
      long came = SensorClock.isCredible(sourceMs, now) ? sourceMs : now;
      long time = SensorClock.isCredible(ownMs, came) ? ownMs : came;
      String sensor = sensorId != null ? sensorId : sensorOf(topic, enseigne, salle);
      return new Measurement(
          sensor, enseigne, salle, time, values, members, ignored, retained, topic, id);
    }

    /** Takes up one member; false if the record is no measurement. */
    private boolean member(JsonParser parser, String name) throws IOException {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "type" -> {
          return token == JsonToken.VALUE_STRING && parser.getText().equals("measurement");
        }
        case "sensor_id" -> sensorId = text(parser, token);
        case "enseigne" -> enseigne = text(parser, token);
        case "salle" -> salle = text(parser, token);
        case "timestamp" -> ownMs = time(parser, token);
        case "_ts_src" -> sourceMs = time(parser, token);
        case "_topic" -> topic = token == JsonToken.VALUE_STRING ? parser.getText() : null;
        case "_id" -> id = text(parser, token);
        case "_retained" -> retained = token == JsonToken.VALUE_TRUE;
        case "value" -> value = token.isNumeric() ? parser.getDoubleValue() : Double.NaN;
        case "values" -> values(parser, token);
        default -> quantity(parser, token, name);
      }
      members.add(name.length() > TEXT_MAX ? "" : name);
      return true;
    }

    private void values(JsonParser parser, JsonToken token) throws IOException {
      if (token != JsonToken.START_OBJECT) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        AirQuantity quantity = AirQuantity.named(name);
        JsonToken inner = parser.nextToken();
        if (quantity != null) {
          take(quantity, number(parser, inner), name.equals(quantity.label()) ? 4 : 3);
        }
        parser.skipChildren();
      }
    }

    private void quantity(JsonParser parser, JsonToken token, String name) throws IOException {
      AirQuantity quantity = AirQuantity.named(name);
      if (quantity != null) {
        take(quantity, number(parser, token), name.equals(quantity.member()) ? 2 : 1);
      }
      parser.skipChildren();
    }

    private void take(AirQuantity quantity, double found, int rank) {
      if (!quantity.isPlausible(found)) {
        ignored++;
      } else if (ranks.getOrDefault(quantity, -1) < rank) {
        values.put(quantity, found);
        ranks.put(quantity, rank);
      }
    }
  }

  private static double number(JsonParser parser, JsonToken token) throws IOException {
    if (token.isNumeric()) {
      return parser.getDoubleValue();
    }
    if (token == JsonToken.VALUE_STRING && parser.getTextLength() < 25) {
      try {
        return Double.parseDouble(parser.getText().strip());
      } catch (NumberFormatException noNumber) {
        return Double.NaN;
      }
    }
    return Double.NaN;
  }

  /** A text or a number as text; null if it is neither, blank or too long. */
  private static String text(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      String text = parser.getText();
      return text.isBlank() || text.length() > TEXT_MAX ? null : text;
    }
    parser.skipChildren();
    return null;
  }

  /**
   * The record's reading of a time, in milliseconds since 1970; -1 if it is none. A number may be a
   * text here, as measured values may.
   */
  private static long time(JsonParser parser, JsonToken token) throws IOException {
    OffsetDateTime time = RecordTime.of(parser);
    if (time == null) {
      time = RecordTime.of(number(parser, token));
    }
    parser.skipChildren();
    return time == null ? -1 : time.toInstant().toEpochMilli();
  }

  /** The topic, without a last level that names a quantity or nothing in particular. */
  private static String sensorOf(String topic, String enseigne, String salle) {
    if (topic == null) {
      if (salle == null) {
        return enseigne;
      }
      return enseigne == null ? salle : enseigne + '/' + salle;
    }
    String last = lastLevel(topic);
    boolean dropped = AirQuantity.named(last) != null || GENERIC.contains(last);
    String sensor =
        dropped && last.length() < topic.length()
            ? topic.substring(0, topic.length() - last.length() - 1)
            : topic;
    return sensor.isBlank() || sensor.length() > TEXT_MAX ? null : sensor;
  }

  private static String lastLevel(String topic) {
    return topic.substring(topic.lastIndexOf('/') + 1);
  }
}
