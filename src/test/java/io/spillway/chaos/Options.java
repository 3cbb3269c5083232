package io.spillway.chaos;

import io.spillway.kit.BrokerKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a run is asked for.
 *
 * @param seed of all that is drawn
 * @param minutes for which faults happen
 * @param edges how many
 * @param broker by the name of its constant in any case
 * @param jar another one than was built, or null
 * @param brokerEnds whether the broker may be killed and ended, too: then it may forget what it
 *     had, and an edge cannot know whether it has
 */
public record Options(
    long seed, double minutes, int edges, BrokerKind broker, Path jar, boolean brokerEnds) {

  private static final double RUN_MINUTES = 6;

  /** In this order, one a run, where no broker is asked for. */
  private static final List<BrokerKind> IN_TURN =
      List.of(BrokerKind.MOSQUITTO, BrokerKind.NATS, BrokerKind.MOSQUITTO, BrokerKind.HIVEMQ);

  /**
   * The runs that the environment asks for, as {@code make chaos} hands its variables on: one, if
   * there is a seed, and else as many as fit, each with a seed of its own.
   */
  static List<Options> all(Map<String, String> environment) {
    double minutes = Double.parseDouble(value(environment, "MINUTES", "6"));
    String seed = value(environment, "SEED", "");
    if (!seed.isEmpty()) {
      return List.of(one(environment, Long.parseLong(seed), minutes, 0));
    }
    int runs = (int) Math.max(1, Math.round(minutes / RUN_MINUTES));
    long first = System.nanoTime() % 100_000;
    return IntStream.range(0, runs)
        .mapToObj(run -> one(environment, first + run, minutes / runs, run))
        .toList();
  }

  private static Options one(Map<String, String> environment, long seed, double minutes, int run) {
    String broker = value(environment, "BROKER", "");
    boolean ends = broker.isEmpty() && run % IN_TURN.size() == 2;
    return new Options(
        seed,
        minutes,
        Integer.parseInt(value(environment, "EDGES", "2")),
        broker.isEmpty() ? IN_TURN.get(run % IN_TURN.size()) : kind(broker),
        environment.getOrDefault("JAR", "").isEmpty() ? null : Path.of(environment.get("JAR")),
        value(environment, "BROKER_ENDS", "" + ends).equals("true"));
  }

  private static String value(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  private static BrokerKind kind(String name) {
    try {
      return BrokerKind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "BROKER=" + name + " is none of " + Arrays.toString(BrokerKind.values()), unknown);
    }
  }

  @Override
  public String toString() {
    return "SEED=%d MINUTES=%s EDGES=%d BROKER=%s%s%s"
        .formatted(
            seed,
            minutes,
            edges,
            broker.name().toLowerCase(Locale.ROOT),
            brokerEnds ? " BROKER_ENDS=true" : "",
            jar == null ? "" : " JAR=" + jar);
  }
}
