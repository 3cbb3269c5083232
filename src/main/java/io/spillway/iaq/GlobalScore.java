package io.spillway.iaq;

import io.spillway.config.IaqConfig;
import io.spillway.config.QuantityConfig;
import io.spillway.message.AirQuantity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How good the air is, from 0 to 100, which is best.
 *
 * <p>Each quantity has a part score: 100, 75, 50, 25 and 0 at five values, linear between them. At
 * 75 and above the guideline is kept. By default:
 *
 * <table>
 *   <caption>Values of the part scores</caption>
 *   <tr><th>quantity</th><th>100</th><th>75</th><th>50</th><th>25</th><th>0</th></tr>
 *   <tr><td>CO2, ppm</td><td>400</td><td>1000</td><td>1400</td><td>2000</td><td>5000</td></tr>
 *   <tr><td>PM2.5, µg/m³</td><td>5</td><td>15</td><td>25</td><td>37.5</td><td>75</td></tr>
 *   <tr><td>TVOC, mg/m³</td><td>0</td><td>0.3</td><td>1</td><td>3</td><td>10</td></tr>
 *   <tr><td>temperature, °C, up</td><td>25.5</td><td>26</td><td>27</td><td>28</td><td>35</td></tr>
 *   <tr><td>and down</td><td>21</td><td>20</td><td>19</td><td>17</td><td>12</td></tr>
 *   <tr><td>humidity, %, up</td><td>50</td><td>60</td><td>70</td><td>80</td><td>95</td></tr>
 *   <tr><td>and down</td><td>30</td><td>25</td><td>20</td><td>15</td><td>5</td></tr>
 * </table>
 *
 * <ul>
 *   <li>CO2: the German Committee on Indoor Guide Values (IRK, UBA 2008, Bundesgesundheitsblatt
 *       51:1358) calls less than 1000 ppm harmless and more than 2000 ppm unacceptable; 1400 ppm is
 *       1000 above outdoors, the end of IDA 3 in EN 13779; 5000 ppm is the limit at workplaces
 *       (TRGS 900, Directive 2006/15/EC).
 *   <li>PM2.5: WHO global air quality guidelines 2021, table 3.1 and following: annual 5, 24 hours
 *       15, interim targets 4, 3 and 1 for 24 hours 25, 37.5 and 75.
 *   <li>TVOC: the levels of UBA 2007 (Bundesgesundheitsblatt 50:990): 0.3, 1, 3 and 10 mg/m³.
 *   <li>Temperature: EN 16798-1 annex B, offices and homes: categories I (21 in winter to 25.5 in
 *       summer), II (20 to 26), III (19 to 27), IV (17 to 28).
 *   <li>Humidity: EN 16798-1 annex B: categories I (30 to 50), II (25 to 60), III (20 to 70).
 * </ul>
 *
 * The worst dominates, as in the air quality indices of the European Environment Agency and the US
 * EPA, which are the worst of their parts alone: the score is two thirds the worst part and one
 * third the mean of all, and never more than 10 above the worst. So it also falls when a second
 * quantity gets worse, but good ones cannot make up for a bad one.
 */
final class GlobalScore {
  private static final double[] PARTS = {100, 75, 50, 25, 0};
  private static final double ABOVE_WORST_MAX = 10;

  private final Map<AirQuantity, QuantityConfig> configs;

  GlobalScore(IaqConfig config) {
    this.configs = byQuantity(config);
  }

  /** What the configuration says of each quantity. */
  static Map<AirQuantity, QuantityConfig> byQuantity(IaqConfig config) {
    Map<AirQuantity, QuantityConfig> configs = new EnumMap<>(AirQuantity.class);
    configs.put(AirQuantity.CO2, config.co2());
    configs.put(AirQuantity.PM25, config.pm25());
    configs.put(AirQuantity.TVOC, config.tvoc());
    configs.put(AirQuantity.TEMPERATURE, config.temperature());
    configs.put(AirQuantity.HUMIDITY, config.humidity());
    return configs;
  }

  /**
   * The score of these values; only the quantities that are there count.
   *
   * @param values at least one
   */
  int of(Map<AirQuantity, Double> values) {
    double worst = 100;
    double sum = 0;
    for (Map.Entry<AirQuantity, Double> value : values.entrySet()) {
      double part = part(value.getKey(), value.getValue());
      worst = Math.min(worst, part);
      sum += part;
    }
    double mixed = (2 * worst + sum / values.size()) / 3;
    return (int) Math.round(Math.min(mixed, worst + ABOVE_WORST_MAX));
  }

  /** The part score of one quantity, 0 to 100. */
  double part(AirQuantity quantity, double value) {
    QuantityConfig config = configs.get(quantity);
    double up = along(config.score(), value, 1);
    return config.scoreLow().isEmpty() ? up : Math.min(up, along(config.scoreLow(), value, -1));
  }

  private static double along(List<Double> steps, double value, int sense) {
    if ((value - steps.get(0)) * sense <= 0) {
      return PARTS[0];
    }
    for (int i = 1; i < PARTS.length; i++) {
      double from = steps.get(i - 1);
      double to = steps.get(i);
      if ((value - to) * sense <= 0) {
        return PARTS[i - 1] + (PARTS[i] - PARTS[i - 1]) * (value - from) / (to - from);
      }
    }
    return 0;
  }
}
