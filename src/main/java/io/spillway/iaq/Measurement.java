package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import java.util.Map;
import java.util.Set;

/**
 * What one record says of the air in a room.
 *
 * @param sensorId its {@code sensor_id}, or made from the MQTT topic; null if there is neither
 * @param enseigne the house or shop, or null
 * @param salle the room, or null
 * @param timeMs its own {@code timestamp} if that can be read, else {@code _ts_src}, else when it
 *     was looked at
 * @param values at least one, all plausible
 * @param members the names at the top of the record, as far as they matter here
 * @param ignored values that are no finite number or not plausible
 * @param retained the broker has repeated an older one
 * @param topic the MQTT topic it came on, or null
 * @param id its {@code _id}, or null
 */
record Measurement(
    String sensorId,
    String enseigne,
    String salle,
    long timeMs,
    Map<AirQuantity, Double> values,
    Set<String> members,
    int ignored,
    boolean retained,
    String topic,
    String id) {}
