package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is known of one sensor. */
final class Sensor {
  private static final AirQuantity[] QUANTITIES = AirQuantity.values();

  final String id;
  final Presence presence = new Presence();
  final Map<AirQuantity, Forecast> forecasts = new EnumMap<>(AirQuantity.class);
  private final Map<AirQuantity, List<Alarm>> alarms = new EnumMap<>(AirQuantity.class);
  private final Limits limits;

  /** The house or shop, and the room; null if it never said. */
  String enseigne;

  String salle;

  /** Offset of its last measurement. */
  long offset;

  /** Until when, in ms since 1970, a prediction has been made. */
  long predictedMs;

  Sensor(String id, Limits limits) {
    this.id = id;
    this.limits = limits;
  }

  /** The alarms of one quantity: upwards, and downwards where less is worse, too. */
  List<Alarm> alarms(AirQuantity quantity) {
    return alarms.computeIfAbsent(quantity, limits::alarms);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(id);
    out.writeUTF(enseigne == null ? "" : enseigne);
    out.writeUTF(salle == null ? "" : salle);
    out.writeLong(offset);
    out.writeLong(predictedMs);
    presence.write(out);
    for (AirQuantity quantity : QUANTITIES) {
      out.writeByte(alarms.containsKey(quantity) ? alarms.get(quantity).size() : 0);
      for (Alarm alarm : alarms.getOrDefault(quantity, List.of())) {
        alarm.write(out);
      }
      out.writeBoolean(forecasts.containsKey(quantity));
      if (forecasts.containsKey(quantity)) {
        forecasts.get(quantity).write(out);
      }
    }
  }

  static Sensor read(DataInput in, Limits limits, long nowMs) throws IOException {
    Sensor sensor = new Sensor(in.readUTF(), limits);
    sensor.enseigne = orNull(in.readUTF());
    sensor.salle = orNull(in.readUTF());
    sensor.offset = in.readLong();
    sensor.predictedMs = in.readLong();
    sensor.presence.read(in, nowMs);
    for (AirQuantity quantity : QUANTITIES) {
      int count = in.readByte();
      List<Alarm> known = count == 0 ? new ArrayList<>() : sensor.alarms(quantity);
      if (known.size() != count) {
        throw new IOException("saved with other alarms");
      }
      for (Alarm alarm : known) {
        alarm.read(in);
      }
      if (in.readBoolean()) {
        Forecast forecast = new Forecast(quantity);
        forecast.read(in);
        sensor.forecasts.put(quantity, forecast);
      }
    }
    return sensor;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
