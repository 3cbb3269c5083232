package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * An invented room, minute by minute: people come and go at usual hours with exceptions, CO2 rises
 * towards what they breathe out and falls with the air change, somebody cooks, opens a window, the
 * heating follows the clock; sensors are noisy and sometimes silent.
 */
final class RoomAir {
  private static final int DAY = 24 * 60;

  private final Random random;
  private final boolean habits;
  private int people;
  private int windowOpenFor;
  private int cookingFor;
  private int silentFor;
  private double co2 = 450;
  private double pm25 = 6;
  private double tvoc = 0.1;
  private double warmth = 21;
  private double humidity = 45;
  private double weather;

  /**
   * @param habits people keep to hours; else they come and go at any time
   */
  RoomAir(long seed, boolean habits) {
    random = new Random(seed);
    this.habits = habits;
  }

  /** The values of the next minute; null while the sensor is silent. */
  Map<AirQuantity, Double> next(long minute) {
    long day = minute / DAY;
    int of = (int) (minute % DAY);
    boolean weekend = day % 7 >= 5;
    people(of, weekend);
    double change = windowOpenFor-- > 0 ? 6 / 60.0 : 0.5 / 60.0; // air changes a minute
    co2 += people * 6.0 - (co2 - 420) * change;
    pm25 += (cookingFor-- > 0 ? 1.5 : 0) - (pm25 - 6) * (change + 0.4 / 60);
    tvoc += people * 0.0006 + (cookingFor > 0 ? 0.004 : 0) - (tvoc - 0.08) * change;
    weather += random.nextGaussian() * 0.02 - weather * 0.0005;
    double outside = 8 + 5 * Math.cos(2 * Math.PI * (of - 900) / DAY) + weather * 3;
    double wanted = of > 360 && of < 1320 ? 21.5 : 18.5;
    warmth += (wanted - warmth) * 0.012 + (outside - warmth) * 0.0015 + people * 0.003;
    humidity += people * 0.02 - (humidity - (48 - 2 * (warmth - 20) + weather * 4)) * 0.01;
    if (silentFor-- > 0) {
      return null;
    }
    if (random.nextInt(2_000) == 0) {
      silentFor = 5 + random.nextInt(120);
    }
    Map<AirQuantity, Double> values = new EnumMap<>(AirQuantity.class);
    values.put(AirQuantity.CO2, noisy(co2, 8));
    values.put(AirQuantity.PM25, Math.max(0, noisy(pm25, 0.6)));
    values.put(AirQuantity.TVOC, Math.max(0, noisy(tvoc, 0.008)));
    values.put(AirQuantity.TEMPERATURE, noisy(warmth, 0.05));
    values.put(AirQuantity.HUMIDITY, noisy(humidity, 0.3));
    return values;
  }

  private void people(int of, boolean weekend) {
    if (!habits) {
      if (random.nextInt(150) == 0) {
        people = random.nextInt(5);
      }
    } else if (!weekend && of == 8 * 60 + random.nextInt(40)) {
      people = 2 + random.nextInt(3);
    } else if (!weekend && of == 12 * 60 + random.nextInt(15)) {
      people = random.nextInt(2);
    } else if (!weekend && of == 13 * 60 + random.nextInt(15)) {
      people = 2 + random.nextInt(3);
    } else if (of == 17 * 60 + random.nextInt(60) || of >= 18 * 60 || of < 7 * 60) {
      people = 0;
    } else if (!weekend && of > 9 * 60 && people == 0 && of < 11 * 60) {
      people = 3; // somebody came after all
    } else if (random.nextInt(240) == 0) {
      people = Math.max(0, people + random.nextInt(3) - 1);
    }
    if (people > 0 && random.nextInt(180) == 0) {
      windowOpenFor = 5 + random.nextInt(10);
    }
    if (random.nextInt(habits ? 1_000 : 600) == 0) {
      cookingFor = 5 + random.nextInt(20);
    }
  }

  private double noisy(double value, double deviation) {
    return value + random.nextGaussian() * deviation;
  }
}
