package io.spillway.iaq;

import io.spillway.config.IaqConfig;
import io.spillway.config.QuantityConfig;
import io.spillway.message.AirQuantity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where alerts begin, by quantity, and how long that takes. */
final class Limits {
  private final Map<AirQuantity, List<Threshold>> thresholds = new EnumMap<>(AirQuantity.class);
  private final long holdMs;
  private final long clearMs;

  Limits(IaqConfig config) {
    holdMs = config.hold().toMillis();
    clearMs = config.clear().toMillis();
    GlobalScore.byQuantity(config)
        .forEach((quantity, of) -> thresholds.put(quantity, thresholds(of)));
  }

  private static List<Threshold> thresholds(QuantityConfig config) {
    Threshold low = Threshold.low(config);
    return low == null ? List.of(Threshold.high(config)) : List.of(Threshold.high(config), low);
  }

  /** New alarms of one quantity of one sensor. */
  List<Alarm> alarms(AirQuantity quantity) {
    return thresholds.get(quantity).stream().map(each -> new Alarm(each, holdMs, clearMs)).toList();
  }
}
