package io.spillway.iaq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The outlook")
class OutlookTest {
  private static final long MINUTE = 60_000;
  private static final int DAY = 24 * 60;

  @Test
  @DisplayName("is what there is, while nothing else is known")
  void stays() {
    Outlook outlook = new Outlook(Quantity.CO2);
    assertThat(outlook.predict()).isNull();
    outlook.feed(0, 600);
    outlook.feed(MINUTE, 640);

    Outlook.Prediction prediction = outlook.predict();

    assertThat(prediction.value()).isEqualTo(600);
    assertThat(prediction.method()).isEqualTo(Outlook.Method.STAYS);
    assertThat(prediction.low()).isLessThan(600);
    assertThat(prediction.high()).isGreaterThan(600);
  }

  @Test
  @DisplayName("learns what is usual at a time of day")
  void dayCycle() {
    Outlook outlook = new Outlook(Quantity.TEMPERATURE);
    for (int minute = 0; minute < 4 * DAY + 480; minute++) {
      outlook.feed(minute * MINUTE, cycle(minute));
    }

    Outlook.Prediction prediction = outlook.predict();

    double then = cycle(4 * DAY + 480 - 2 + Outlook.HORIZON);
    assertThat(prediction.method()).isNotEqualTo(Outlook.Method.STAYS);
    assertThat(Math.abs(prediction.value() - then))
        .isLessThan(Math.abs(cycle(4 * DAY + 478) - then) / 3);
  }

  private static double cycle(int minute) {
    return 21 + 3 * Math.sin(2 * Math.PI * minute / DAY);
  }

  @Test
  @DisplayName("is plausible, after gaps and steps, too")
  void plausible() {
    Outlook outlook = new Outlook(Quantity.HUMIDITY);
    for (int i = 0; i < 3 * DAY; i++) {
      outlook.feed((i + i / 500 * 700) * MINUTE, i % 97 < 50 ? 1 : 99.5);
      Outlook.Prediction prediction = outlook.predict();
      if (prediction != null) {
        assertThat(prediction.low()).isBetween(0.0, prediction.value());
        assertThat(prediction.high()).isBetween(prediction.value(), 100.0);
      }
    }
  }

  @Test
  @DisplayName("does not look back for a value that comes too late")
  void late() {
    Outlook outlook = new Outlook(Quantity.CO2);
    outlook.feed(10 * MINUTE, 600);
    outlook.feed(11 * MINUTE, 600);
    outlook.feed(0, 5000);

    assertThat(outlook.predict().value()).isEqualTo(600);
    assertThat(outlook.atMs()).isEqualTo(11 * MINUTE);
  }

  @Test
  @DisplayName("goes on as if nothing had been when it was saved and read, in less than 2 KB")
  void saved() throws IOException {
    Outlook outlook = new Outlook(Quantity.CO2);
    Room room = new Room(7, true);
    for (int minute = 0; minute < 3 * DAY; minute++) {
      feed(outlook, room, minute);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    outlook.write(new DataOutputStream(bytes));
    Outlook other = new Outlook(Quantity.CO2);
    other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(bytes.size()).isLessThan(2_048);
    assertThat(other.predict()).isEqualTo(outlook.predict());
    for (int minute = 3 * DAY; minute < 4 * DAY; minute++) {
      double value = 800 + 300 * Math.sin(minute / 70.0) + minute % 7;
      outlook.feed(minute * MINUTE, value);
      other.feed(minute * MINUTE, value);
      assertThat(other.predict()).isEqualTo(outlook.predict());
    }
  }

  private static void feed(Outlook outlook, Room room, int minute) {
    var values = room.next(minute);
    if (values != null) {
      outlook.feed(minute * MINUTE, values.get(Quantity.CO2));
    }
  }

  @Test
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
