package io.spillway.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.message.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the value of a key of what the file, a variable or the default says. */
final class Values {
  private Values() {}

  /**
   * @param json not null
   * @throws Unusable if the key may not be that
   */
  static Object read(Setting setting, JsonNode json, Path workingDir) throws Unusable {
    return switch (setting.kind()) {
      case WHOLE -> whole(setting, json);
      case DECIMAL -> decimal(setting, json);
      case STEPS -> steps(setting, json);
      case FLAG -> flag(json);
      case WORD -> word(setting, json);
      case TEXT -> text(setting.key().form(), json, workingDir);
      case TEXTS -> texts(setting, json, workingDir);
      case SECRET -> throw new AssertionError("read by SecretReader");
    };
  }

  /** A limit that is off. */
  static Object zero(Setting setting) {
    return setting.component().getType() == Duration.class ? Duration.ZERO : (Object) 0L;
  }

  private static Object whole(Setting setting, JsonNode json) throws Unusable {
    boolean integer = json.isIntegralNumber() && json.canConvertToLong();
    long value = json.longValue();
    if (!integer || value < setting.min() || value > setting.max()) {
      throw new Unusable(Found.json(json), null);
    }
    Class<?> type = setting.component().getType();
    if (type == Duration.class) {
      return duration(setting.name(), value);
    }
    return type == int.class ? (Object) Math.toIntExact(value) : (Object) value;
  }

  private static Duration duration(String name, long value) {
    String unit = name.toLowerCase(Locale.ROOT);
    if (unit.endsWith("ms")) {
      return Duration.ofMillis(value);
    }
    return unit.endsWith("minutes") ? Duration.ofMinutes(value) : Duration.ofDays(value);
  }

  private static Double decimal(Setting setting, JsonNode json) throws Unusable {
    double value = json.isNumber() ? json.doubleValue() : Double.NaN;
    if (!(value >= setting.min() && value <= setting.max())) {
      throw new Unusable(Found.json(json), null);
    }
    return value;
  }

  /** As many numbers as the default has, each further than the one before, in the same sense. */
  private static List<Double> steps(Setting setting, JsonNode json) throws Unusable {
    List<Double> values = new ArrayList<>();
    boolean right = json.isArray() && json.size() == setting.byDefault().size();
    for (JsonNode entry : json) {
      double value = entry.isNumber() ? entry.doubleValue() : Double.NaN;
      right &= value >= setting.min() && value <= setting.max();
      if (!values.isEmpty()) {
        double last = values.get(values.size() - 1);
        right &= setting.isRising() ? value > last : value < last;
      }
      values.add(value);
    }
    if (!right) {
      throw new Unusable(json.isArray() ? json.toString() : Found.json(json), null);
    }
    return List.copyOf(values);
  }

  private static Boolean flag(JsonNode json) throws Unusable {
    if (!json.isBoolean()) {
      throw new Unusable(Found.json(json), null);
    }
    return json.booleanValue();
  }

  private static Object word(Setting setting, JsonNode json) throws Unusable {
    Object meant = json.isTextual() ? setting.choices().get(json.textValue()) : null;
    if (meant == null) {
      throw new Unusable(Found.json(json), null);
    }
    return meant;
  }

  private static List<Object> texts(Setting setting, JsonNode json, Path workingDir)
      throws Unusable {
    if (!json.isArray() || json.size() < setting.min() || json.size() > setting.max()) {
      String range = (long) setting.min() + ".." + (long) setting.max();
      throw new Unusable(
          json.isArray() ? json.size() + " entries" : Found.json(json),
          "a list of " + range + " texts");
    }
    List<Object> values = new ArrayList<>();
    for (JsonNode entry : json) {
      values.add(text(setting.key().form(), entry, workingDir));
    }
    return List.copyOf(values);
  }

  private static Object text(Form form, JsonNode json, Path workingDir) throws Unusable {
    if (!json.isTextual()) {
      throw new Unusable(Found.json(json), null);
    }
    String text = json.textValue();
    if (text.isBlank() || !Printable.of(text).equals(text)) {
      throw new Unusable(text.isBlank() ? "empty" : "text with control characters", null);
    }
    try {
      return form.read(text.strip(), workingDir);
    } catch (Unusable error) {
      String found = error.found() == null ? Found.text(text) : error.found();
      throw new Unusable(found, error.allowed());
    }
  }
}
