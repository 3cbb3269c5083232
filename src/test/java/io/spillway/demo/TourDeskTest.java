package io.spillway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The invented booking desk")
class TourDeskTest {
  private static final long NOON = 1_700_049_600_000L; // 2023-11-15T12:00Z

  @Test
  @DisplayName("first says that few seats are left, as documented, on the topic of its type")
  void first() {
    SimulatedMessage packet = packets(15_000, 1).get(0);
    JsonObject event = new JsonObject(packet.json());

    assertThat(packet.topic()).isEqualTo("tour/availability/low");
    assertThat(event.fieldNames()).containsExactly("type", "data", "timestamp");
    assertThat(event.getString("type")).isEqualTo("tour.availability.low");
    assertThat(event.getString("timestamp")).isEqualTo("2023-11-15T12:00:00.000Z");
    assertThat(event.getJsonObject("data").fieldNames())
        .containsExactly("tourId", "tourTitle", "availableSeats", "maxGroupSize", "threshold");
  }

  @Test
  @DisplayName(
      "has an event each time, low when as few are left as the threshold says, the same again")
  void events() {
    List<SimulatedMessage> packets = packets(15_000, 3_000);

    assertThat(packets).hasSize(200).isEqualTo(packets(15_000, 3_000));
    assertThat(packets).extracting(SimulatedMessage::topic).contains("tour/booking/confirmed");
    for (SimulatedMessage packet : packets) {
      JsonObject event = new JsonObject(packet.json());
      JsonObject data = event.getJsonObject("data");
      int left = data.getInteger("availableSeats");
      assertThat(left).isBetween(0, data.getInteger("maxGroupSize"));
      assertThat(event.getString("type").equals("tour.availability.low"))
          .isEqualTo(left <= data.getInteger("threshold"));
    }
  }

  @Test
  @DisplayName("is closed when the time between events is 0")
  void closed() {
    assertThat(packets(0, 100)).isEmpty();
  }

  private static List<SimulatedMessage> packets(long everyMs, int seconds) {
    TourDesk desk = new TourDesk(everyMs);
    List<SimulatedMessage> packets = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      desk.publish(NOON + second * 1_000L, packets::add);
    }
    return packets;
  }
}
