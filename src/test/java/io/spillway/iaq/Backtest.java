package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How good predictions were over generated weeks: prints a table. Run it with {@code make
 * backtest}; the figures are in docs/iaq.md.
 */
public final class Backtest {
  private static final int DAY = 24 * 60;
  private static final int EVERY = 5;

  /** One row of the table. */
  record Row(
      String room,
      AirQuantity quantity,
      int predictions,
      double error,
      double errorOfStaying,
      double coverage,
      double width,
      String methods) {
    /** Below 1 is better than "stays as it is". */
    double ratio() {
      return error / errorOfStaying;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %s, %s | %.3g | %.3g | %+.0f %% | %.0f %% | ±%.3g | %s |",
          room,
          quantity.label(),
          quantity.unit(),
          error,
          errorOfStaying,
          (ratio() - 1) * 100,
          coverage * 100,
          width,
          methods);
    }
  }

  private static final class Sums {
    private double error;
    private double staying;
    private int inside;
    private double width;
    private int count;
    private final Map<Forecast.Method, Integer> methods = new EnumMap<>(Forecast.Method.class);
  }

  private record Guess(long target, double stays, Forecast.Prediction prediction) {}

  private Backtest() {}

  /** Both kinds of rooms, {@code days} long; the first four days are for learning. */
  static List<Row> run(long seed, int days, int rooms) {
    List<Row> rows = new ArrayList<>();
    for (boolean habits : new boolean[] {true, false}) {
      Map<AirQuantity, Sums> sums = new EnumMap<>(AirQuantity.class);
      for (int i = 0; i < rooms; i++) {
        room(seed + i, habits, days, sums);
      }
      sums.forEach(
          (quantity, sum) ->
              rows.add(
                  new Row(
                      habits ? "habits" : "any time",
                      quantity,
                      sum.count,
                      sum.error / sum.count,
                      sum.staying / sum.count,
                      (double) sum.inside / sum.count,
                      sum.width / sum.count,
                      methods(sum))));
    }
    return rows;
  }

  private static String methods(Sums sum) {
    StringBuilder text = new StringBuilder();
    sum.methods.forEach(
        (method, times) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(method.word())
                .append(' ')
                .append(Math.round(100.0 * times / sum.count))
                .append(" %"));
    return text.toString();
  }

  private static void room(long seed, boolean habits, int days, Map<AirQuantity, Sums> sums) {
    RoomAir room = new RoomAir(seed, habits);
    Map<AirQuantity, Forecast> outlooks = new EnumMap<>(AirQuantity.class);
    Map<AirQuantity, Map<Long, Guess>> guesses = new EnumMap<>(AirQuantity.class);
    for (long minute = 0; minute < (long) days * DAY; minute++) {
      Map<AirQuantity, Double> values = room.next(minute);
      if (values == null) {
        continue;
      }
      for (Map.Entry<AirQuantity, Double> value : values.entrySet()) {
        AirQuantity quantity = value.getKey();
        Forecast forecast = outlooks.computeIfAbsent(quantity, Forecast::new);
        forecast.feed(minute * 60_000, value.getValue());
        Map<Long, Guess> waiting = guesses.computeIfAbsent(quantity, q -> new HashMap<>());
        Guess then = waiting.remove(minute);
        if (then != null) {
          score(sums.computeIfAbsent(quantity, q -> new Sums()), then, value.getValue());
        }
        Forecast.Prediction prediction = forecast.predict();
        if (minute >= 4 * DAY && minute % EVERY == 0 && prediction != null) {
          long target = minute + Forecast.HORIZON;
          waiting.put(target, new Guess(target, value.getValue(), prediction));
        }
      }
    }
  }

  private static void score(Sums sums, Guess then, double came) {
    Forecast.Prediction prediction = then.prediction();
    sums.count++;
    sums.error += Math.abs(came - prediction.value());
    sums.staying += Math.abs(came - then.stays());
    sums.width += (prediction.high() - prediction.low()) / 2;
    sums.inside += came >= prediction.low() && came <= prediction.high() ? 1 : 0;
    sums.methods.merge(prediction.method(), 1, Integer::sum);
  }

  /** Prints the table; the seed may be given. */
  public static void main(String[] arguments) {
    long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : 20_261_121;
    System.out.println("seed " + seed + ", 10 rooms of each kind, 28 days");
    System.out.println(
        "| room | quantity | mean error | stays as it is | difference | in the interval | its half"
            + " width, mean | methods used |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    run(seed, 28, 10).forEach(System.out::println);
  }
}
