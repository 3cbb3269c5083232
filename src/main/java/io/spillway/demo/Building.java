package io.spillway.demo;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Some rooms, in one of which the air gets bad every few minutes: first of all in the meeting room,
 * soon after the start, so that who looks at a demo sees an alert begin and end.
 */
final class Building {
  /** The first time is so long after the first packet. */
  private static final long FIRST_MS = 8_000;

  /** So long nobody opens a window. */
  private static final long CLOSED_MS = 45_000;

  private static final int REST_MS_MIN = 150_000;
  private static final int REST_MS_MAX = 240_000;

  private final List<Room> rooms;
  private final RandomGenerator random = new Random(1);
  private int next;
  private long nextMs;

  /**
   * @param rooms how many; room {@code n} has seed {@code n}
   */
  Building(int rooms) {
    this.rooms = IntStream.range(0, rooms).mapToObj(n -> new Room(RoomPlan.of(n), n)).toList();
  }

  /** A measurement of each room. */
  void publish(long nowMs, Consumer<SimulatedMessage> out) {
    if (!rooms.isEmpty()) {
      spoil(nowMs);
      rooms.forEach(room -> out.accept(room.packet(nowMs)));
    }
  }

  private void spoil(long nowMs) {
    if (nextMs == 0) {
      nextMs = nowMs + FIRST_MS;
    }
    if (nowMs >= nextMs) {
      rooms.get(next).spoil(nowMs + CLOSED_MS);
      next = random.nextInt(rooms.size());
      nextMs = nowMs + random.nextInt(REST_MS_MIN, REST_MS_MAX);
    }
  }
}
