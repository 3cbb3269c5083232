package io.spillway.demo;

import io.spillway.message.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * An invented desk where guided tours are booked. Each booking is an event with {@code type},
 * {@code data} and {@code timestamp}: {@code tour.availability.low} when few seats are left, else
 * {@code tour.booking.confirmed}; the MQTT topic is the type with slashes.
 */
final class TourDesk {
  private static final List<String> TITLES =
      List.of("Randonnée Montagne", "Visite de la vieille ville", "Kayak au lever du soleil");
  private static final int GROUP = 15;
  private static final int THRESHOLD = 3;
  private static final int SEATS_MAX = 3;

  private final long everyMs;
  private final RandomGenerator random = new Random(1);
  private final int[] left = new int[TITLES.size()];
  private int tour;
  private long nextMs;

  /**
   * @param everyMs time between two events; 0: there are none
   */
  TourDesk(long everyMs) {
    this.everyMs = everyMs;
    Arrays.fill(left, GROUP);
    left[0] = THRESHOLD + 1; // so the first event is that seats are few
  }

  /** The next event, if it is time for one. */
  void publish(long nowMs, Consumer<SimulatedMessage> out) {
    if (everyMs > 0 && nowMs >= nextMs) {
      nextMs = nowMs + everyMs;
      out.accept(book(nowMs));
    }
  }

  private SimulatedMessage book(long nowMs) {
    left[tour] -= Math.min(left[tour], 1 + random.nextInt(SEATS_MAX));
    boolean low = left[tour] <= THRESHOLD;
    String type = low ? "tour.availability.low" : "tour.booking.confirmed";
    SimulatedMessage packet = new SimulatedMessage(type.replace('.', '/'), event(type, nowMs));
    if (left[tour] == 0) {
      left[tour] = GROUP; // the next date
    }
    tour = random.nextInt(TITLES.size());
    return packet;
  }

  private String event(String type, long nowMs) {
    String title = TITLES.get(tour);
    return String.format(
        Locale.ROOT,
        "{\"type\":\"%s\",\"data\":{\"tourId\":\"%s\",\"tourTitle\":\"%s\",\"availableSeats\":%d,"
            + "\"maxGroupSize\":%d,\"threshold\":%d},\"timestamp\":\"%s\"}",
        type,
        UUID.nameUUIDFromBytes(title.getBytes(StandardCharsets.UTF_8)),
        title,
        left[tour],
        GROUP,
        THRESHOLD,
        Timestamps.format(nowMs));
  }
}
