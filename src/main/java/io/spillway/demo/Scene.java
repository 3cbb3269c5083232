package io.spillway.demo;

import io.spillway.config.SimulatorConfig;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** All that is invented: what is to be published at each tick. */
final class Scene {
  private final List<WeatherStation> stations;
  private final Building building;
  private final TourDesk desk;
  private final int packetsMax;

  /**
   * @param config how much of each; station {@code n} has seed {@code n}
   */
  Scene(SimulatorConfig config) {
    stations =
        IntStream.rangeClosed(1, config.stations())
            .mapToObj(n -> new WeatherStation("station-" + n, n))
            .toList();
    building = new Building(config.rooms());
    desk = new TourDesk(config.events().toMillis());
    packetsMax =
        config.stations() * WeatherStation.KINDS.size()
            + config.rooms()
            + (config.events().isZero() ? 0 : 1);
  }

  /** Most packets of one tick. */
  int packetsMax() {
    return packetsMax;
  }

  void publish(long nowMs, Consumer<SimulatedMessage> out) {
    for (WeatherStation station : stations) {
      for (String kind : WeatherStation.KINDS) {
        String topic = "pws-packet/" + station.name() + "/" + kind;
        out.accept(new SimulatedMessage(topic, station.packet(kind, nowMs)));
      }
    }
    building.publish(nowMs, out);
    desk.publish(nowMs, out);
  }
}
