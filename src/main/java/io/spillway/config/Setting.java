package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A key with a value of its own, as its {@link Key} and the type of its component tell it.
 *
 * @param name in the file
 * @param min of a number; of a list the fewest entries
 * @param max of a number; of a list the most entries
 * @param byDefault as in {@link Key#byDefault}
 * @param choices of a word: what each means, in the order a message lists them
 */
record Setting(
    String name,
    Kind kind,
    Key key,
    double min,
    double max,
    List<String> byDefault,
    Map<String, Object> choices,
    String meaning,
    RecordComponent component)
    implements Member {

  enum Kind {
    WHOLE,
    DECIMAL,
    STEPS,
    FLAG,
    WORD,
    TEXT,
    TEXTS,
    SECRET
  }

  static Setting of(RecordComponent component, Key key) {
    String unit = component.getType() == Duration.class ? "Ms" : "";
    String name = key.name().isEmpty() ? component.getName() + unit : key.name();
    List<String> byDefault = List.of(key.byDefault());
    Map<String, Object> choices = choices(component.getType(), List.of(key.words()));
    return new Setting(
        name,
        kind(component, key),
        key,
        (double) key.min(),
        (double) key.max(),
        byDefault,
        choices,
        key.meaning(),
        component);
  }

  /** The same with the bounds and the default of a quantity, and its unit before the meaning. */
  Setting within(double least, double most, List<String> value, String unit) {
    String text = name.equals("score") ? unit + ", " + meaning : meaning;
    return new Setting(name, kind, key, least, most, value, choices, text, component);
  }

  boolean isNullable() {
    boolean optional = !key.required() && byDefault.isEmpty();
    return key.off() || key.orNull() || (optional && (kind == Kind.TEXT || kind == Kind.SECRET));
  }

  /** For the documentation, such as {@code whole number or null}. */
  String type() {
    String plain =
        switch (kind) {
          case WHOLE -> "whole number";
          case DECIMAL -> "number";
          case STEPS -> "list of numbers";
          case FLAG -> "true or false";
          case WORD -> "text";
          case TEXT -> key.form().isUrl() ? "URL" : "text";
          case TEXTS -> "list of text";
          case SECRET -> "secret";
        };
    return isNullable() ? plain + " or null" : plain;
  }

  /** The bounds or the choices, for the documentation. */
  String bounds() {
    return switch (kind) {
      case WHOLE, DECIMAL -> min == max ? plain(min) : range();
      case STEPS ->
          "%d %s numbers %s"
              .formatted(byDefault.size(), isRising() ? "rising" : "falling", range());
      case FLAG -> "true, false";
      case WORD -> String.join(", ", choices.keySet());
      case TEXT -> words();
      case TEXTS -> range() + " " + (key.allowed().isEmpty() ? "of " + words() : words());
      case SECRET -> SecretReader.ALLOWED;
    };
  }

  /** What is allowed, for an error. */
  String allowed() {
    return switch (kind) {
      case WHOLE -> {
        String number = min == max ? "only " + plain(min) : "a whole number " + range();
        yield key.allowed().isEmpty() ? number : key.allowed();
      }
      case DECIMAL -> "a number " + range();
      case FLAG -> "true or false";
      case WORD -> "one of " + bounds();
      default -> bounds();
    };
  }

  boolean isRising() {
    return Double.parseDouble(byDefault.get(0)) < Double.parseDouble(byDefault.get(1));
  }

  private String words() {
    return key.allowed().isEmpty() ? key.form().allowed() : key.allowed();
  }

  private String range() {
    return plain(min) + ".." + plain(max);
  }

  /** As it is written: without {@code .0}. */
  private static String plain(double value) {
    long whole = (long) value;
    return whole == value ? Long.toString(whole) : Double.toString(value);
  }

  private static Kind kind(RecordComponent component, Key key) {
    Class<?> type = component.getType();
    if (type == boolean.class || type.isEnum()) {
      return type.isEnum() || key.words().length > 0 ? Kind.WORD : Kind.FLAG;
    }
    if (type == double.class || type == Double.class) {
      return Kind.DECIMAL;
    }
    if (type == int.class || type == long.class || type == Duration.class) {
      return Kind.WHOLE;
    }
    if (type == Secret.class) {
      return Kind.SECRET;
    }
    return type == List.class ? listKind(component, key) : Kind.TEXT;
  }

  private static Kind listKind(RecordComponent component, Key key) {
    ParameterizedType list = (ParameterizedType) component.getGenericType();
    Object entry = list.getActualTypeArguments()[0];
    if (entry == Double.class) {
      return Kind.STEPS;
    }
    // One path is a list of names already.
    return key.form() == Form.MEMBER_PATH && entry == String.class ? Kind.TEXT : Kind.TEXTS;
  }

  private static Map<String, Object> choices(Class<?> type, List<String> words) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        all.put(word((Enum<?>) constant), constant);
      }
    }
    Map<String, Object> choices = new LinkedHashMap<>();
    IntStream.range(0, words.size())
        .forEach(i -> choices.put(words.get(i), all.getOrDefault(words.get(i), i == 0)));
    return words.isEmpty() ? all : choices;
  }

  private static String word(Enum<?> constant) {
    try {
      JsonProperty property =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
      return property == null ? constant.name().toLowerCase(Locale.ROOT) : property.value();
    } catch (NoSuchFieldException impossible) {
      throw new LinkageError("every constant is a field", impossible);
    }
  }
}
