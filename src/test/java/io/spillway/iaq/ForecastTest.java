package io.spillway.iaq;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Proof;
import io.spillway.message.AirQuantity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The outlook")
class ForecastTest {
  private static final long MINUTE = 60_000;
  private static final int DAY = 24 * 60;

  @Test
  @DisplayName("is what there is, while nothing else is known")
  void stays() {
    Forecast forecast = new Forecast(AirQuantity.CO2);
    assertThat(forecast.predict()).isNull();
    forecast.feed(0, 600);
    forecast.feed(MINUTE, 640);

    Forecast.Prediction prediction = forecast.predict();

    assertThat(prediction.value()).isEqualTo(600);
    assertThat(prediction.method()).isEqualTo(Forecast.Method.STAYS);
    assertThat(prediction.low()).isLessThan(600);
    assertThat(prediction.high()).isGreaterThan(600);
  }

  @Test
  @DisplayName("learns what is usual at a time of day")
  void dayCycle() {
    Forecast forecast = new Forecast(AirQuantity.TEMPERATURE);
    for (int minute = 0; minute < 4 * DAY + 480; minute++) {
      forecast.feed(minute * MINUTE, cycle(minute));
    }

    Forecast.Prediction prediction = forecast.predict();

    double then = cycle(4 * DAY + 480 - 2 + Forecast.HORIZON);
    assertThat(prediction.method()).isNotEqualTo(Forecast.Method.STAYS);
    assertThat(Math.abs(prediction.value() - then))
        .isLessThan(Math.abs(cycle(4 * DAY + 478) - then) / 3);
  }

  private static double cycle(int minute) {
    return 21 + 3 * Math.sin(2 * Math.PI * minute / DAY);
  }

  @Test
  @DisplayName("is plausible, after gaps and steps, too")
  void plausible() {
    Forecast forecast = new Forecast(AirQuantity.HUMIDITY);
    for (int i = 0; i < 3 * DAY; i++) {
      forecast.feed((i + i / 500 * 700) * MINUTE, i % 97 < 50 ? 1 : 99.5);
      Forecast.Prediction prediction = forecast.predict();
      if (prediction != null) {
        assertThat(prediction.low()).isBetween(0.0, prediction.value());
        assertThat(prediction.high()).isBetween(prediction.value(), 100.0);
      }
    }
  }

  @Test
  @DisplayName("does not look back for a value that comes too late")
  void late() {
    Forecast forecast = new Forecast(AirQuantity.CO2);
    forecast.feed(10 * MINUTE, 600);
    forecast.feed(11 * MINUTE, 600);
    forecast.feed(0, 5000);

    assertThat(forecast.predict().value()).isEqualTo(600);
    assertThat(forecast.atMs()).isEqualTo(11 * MINUTE);
  }

  @Test
  @DisplayName("goes on as if nothing had been when it was saved and read, in less than 2 KB")
  void saved() throws IOException {
    Forecast forecast = new Forecast(AirQuantity.CO2);
    RoomAir room = new RoomAir(7, true);
    for (int minute = 0; minute < 3 * DAY; minute++) {
      feed(forecast, room, minute);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    forecast.write(new DataOutputStream(bytes));
    Forecast other = new Forecast(AirQuantity.CO2);
    other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(bytes.size()).isLessThan(2_048);
    assertThat(other.predict()).isEqualTo(forecast.predict());
    for (int minute = 3 * DAY; minute < 4 * DAY; minute++) {
      double value = 800 + 300 * Math.sin(minute / 70.0) + minute % 7;
      forecast.feed(minute * MINUTE, value);
      other.feed(minute * MINUTE, value);
      assertThat(other.predict()).isEqualTo(forecast.predict());
    }
  }

  private static void feed(Forecast forecast, RoomAir room, int minute) {
    var values = room.next(minute);
    if (values != null) {
      forecast.feed(minute * MINUTE, values.get(AirQuantity.CO2));
    }
  }

  @Test
  @Proof
  @DisplayName(
      "of generated weeks is about as good as \"stays as it is\", or better; nine of ten hit")
  void backtest() {
    List<Backtest.Row> rows = Backtest.run(20_261_121, 14, 2);

    assertThat(rows).hasSize(10);
    for (Backtest.Row row : rows) {
      assertThat(row.ratio()).as(row.toString()).isLessThan(1.1);
      assertThat(row.coverage()).as(row.toString()).isBetween(0.82, 0.96);
    }
  }
}
