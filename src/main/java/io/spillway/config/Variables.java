package io.spillway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks names up in the environment, then in {@code .env}. A blank value counts as not set, as it
 * does in the scripts these names come from.
 */
final class Variables {
  private final Map<String, String> environment;
  private final DotEnvFile dotEnv;

  /**
   * @param source for error messages, such as {@code BROKER_URL in .env}
   */
  record Found(String name, String value, String source) {}

  Variables(Map<String, String> environment, DotEnvFile dotEnv) {
    this.environment = Map.copyOf(environment);
    this.dotEnv = dotEnv;
  }

  Optional<Found> find(String name) {
    return findFirst(List.of(name));
  }

  /** The first name set in the environment; if none is, the first set in {@code .env}. */
  Optional<Found> findFirst(List<String> names) {
    return first(names, environment, "the environment")
        .or(() -> first(names, dotEnv.values(), DotEnvFile.NAME));
  }

  /** What {@code .env} says under the name of a value from the environment, and nobody reads. */
  Optional<Found> behind(Found found) {
    return found.value().equals(environment.get(found.name()))
        ? first(List.of(found.name()), dotEnv.values(), DotEnvFile.NAME)
        : Optional.empty();
  }

  boolean has(String name) {
    return find(name).isPresent();
  }

  /** The line of {@code .env} that lost the end of this name's value, if that value is in use. */
  Optional<Integer> cutAtLine(String name) {
    boolean overridden = first(List.of(name), environment, "").isPresent();
    return overridden ? Optional.empty() : Optional.ofNullable(dotEnv.cuts().get(name));
  }

  boolean hasDotEnv() {
    return dotEnv.present();
  }

  private static Optional<Found> first(
      List<String> names, Map<String, String> values, String place) {
    return names.stream()
        .filter(name -> !values.getOrDefault(name, "").isBlank())
        .map(name -> new Found(name, values.get(name), name + " in " + place))
        .findFirst();
  }
}
