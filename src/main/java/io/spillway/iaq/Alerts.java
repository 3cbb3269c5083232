package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import io.spillway.message.Timestamps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Alerts, and actions that are advised while they last. An alert has a record when it begins, when
 * its level changes, and when it is over, all with the same {@code alert_id}.
 */
final class Alerts {
  private final long repeatMs;

  /**
   * @param repeatMs an action is advised again after so long; 0: once for each alert and level
   */
  Alerts(long repeatMs) {
    this.repeatMs = repeatMs;
  }

  /** Looks at a measurement that is at {@code offset}; gives what follows from it, by id. */
  void look(
      Sensor sensor, long offset, Measurement found, BiConsumer<String, Map<String, Object>> out) {
    found
        .values()
        .forEach(
            (quantity, value) -> {
              for (Alarm alarm : sensor.alarms(quantity)) {
                feed(alarm, new Case(quantity, value, offset, found.timeMs()), out);
              }
            });
  }

  private record Case(AirQuantity quantity, double value, long offset, long timeMs) {
    String id(String kind, Threshold threshold) {
      String side = threshold.high() ? ".high" : ".low";
      return Derived.id(offset, kind + '.' + quantity.member() + side);
    }
  }

  private void feed(Alarm alarm, Case now, BiConsumer<String, Map<String, Object>> out) {
    Alarm.Level before = alarm.level();
    boolean changed = alarm.feed(now.timeMs(), now.value());
    if (changed) {
      String id = now.id("alert", alarm.threshold());
      if (before == Alarm.Level.NONE) {
        alarm.begin(id);
      }
      out.accept(id, alert(alarm, before, now));
    }
    boolean worse = changed && alarm.level().compareTo(before) > 0;
    boolean again =
        repeatMs > 0 && alarm.level() != Alarm.Level.NONE && alarm.sinceAdvice() >= repeatMs;
    if (worse || again) {
      alarm.advised();
      out.accept(now.id("action", alarm.threshold()), action(alarm, now));
    }
  }

  private static Map<String, Object> alert(Alarm alarm, Alarm.Level before, Case now) {
    boolean over = alarm.level() == Alarm.Level.NONE;
    Alarm.Level level = over ? before : alarm.level();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "alert");
    members.put("timestamp", Timestamps.format(now.timeMs()));
    members.put("alert_id", alarm.id());
    members.put("state", over ? "over" : "active");
    describe(members, alarm, level, now);
    members.put("since", Timestamps.format(alarm.beganMs()));
    if (over) {
      members.put("until", Timestamps.format(now.timeMs()));
    }
    return members;
  }

  private static Map<String, Object> action(Alarm alarm, Case now) {
    Action action = Action.against(now.quantity(), alarm.threshold().high());
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "action");
    members.put("timestamp", Timestamps.format(now.timeMs()));
    members.put("alert_id", alarm.id());
    members.put("action", action.word);
    members.put("text", action.text());
    describe(members, alarm, alarm.level(), now);
    return members;
  }

  private static void describe(
      Map<String, Object> members, Alarm alarm, Alarm.Level level, Case now) {
    members.put("level", level.word());
    members.put("quantity", now.quantity().label());
    members.put("direction", alarm.threshold().high() ? "high" : "low");
    members.put("value", Derived.rounded(now.value()));
    members.put("threshold", Derived.rounded(alarm.threshold().of(level)));
    members.put("unit", now.quantity().unit());
  }
}
