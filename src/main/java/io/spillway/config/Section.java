package io.spillway.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One JSON object of the configuration. Each read gives a checked value or an error that names the
 * key, and remembers the key, so that {@link #rejectUnknownKeys} knows the rest for typing errors.
 */
final class Section {
  private final Loading loading;
  private final String path;
  private final JsonObject json;
  private final Set<String> known = new LinkedHashSet<>();

  Section(Loading loading, String path, JsonObject json) {
    this.loading = loading;
    this.path = path;
    this.json = json;
  }

  Loading loading() {
    return loading;
  }

  /** The full name of a key here, such as {@code edge.mqtt.url}. */
  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  long whole(String key, long min, long max, long byDefault) throws ConfigException {
    String allowed = min == max ? Long.toString(min) : min + ".." + max;
    return used(key, checked(key, raw(key, "whole number", allowed, byDefault), min, max));
  }

  int wholeInt(String key, int min, int max, int byDefault) throws ConfigException {
    return Math.toIntExact(whole(key, min, max, byDefault));
  }

  /** A number that may have decimal places. */
  double decimal(String key, double min, double max, double byDefault) throws ConfigException {
    String allowed = plain(min) + ".." + plain(max);
    Object raw = raw(key, "number", allowed, plain(byDefault));
    double value = number(raw);
    if (!(value >= min && value <= max)) {
      throw wrong(key, found(raw), "a number " + allowed);
    }
    return used(key, value);
  }

  /** As many numbers as the default has, each further than the one before, in the same sense. */
  List<Double> steps(String key, double min, double max, List<Double> byDefault)
      throws ConfigException {
    boolean rising = byDefault.get(0) < byDefault.get(1);
    String allowed =
        "%d %s numbers %s..%s"
            .formatted(byDefault.size(), rising ? "rising" : "falling", plain(min), plain(max));
    JsonArray shown = new JsonArray(byDefault.stream().map(Section::plain).toList());
    Object raw = raw(key, "list of numbers", allowed, shown);
    List<Double> values =
        raw instanceof JsonArray array
            ? array.stream().map(Section::number).toList()
            : List.<Double>of();
    boolean right = values.size() == byDefault.size();
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      right &= value >= min && value <= max;
      right &= i == 0 || (rising ? value > values.get(i - 1) : value < values.get(i - 1));
    }
    if (!right) {
      throw wrong(key, raw instanceof JsonArray array ? array.encode() : found(raw), allowed);
    }
    return used(key, values);
  }

  private static double number(Object raw) {
    return raw instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** As it is written: without {@code .0}. */
  private static Number plain(double value) {
    long whole = (long) value;
    return whole == value ? (Number) whole : (Number) value;
  }

  /** True if the key is there with just this number, for an error better than a bound. */
  boolean isWhole(String key, int value) {
    return Integer.valueOf(value).equals(json.getValue(key));
  }

  /** A time in milliseconds; the key says so in its name. */
  Duration millis(String key, int min, int max, int byDefault) throws ConfigException {
    return Duration.ofMillis(whole(key, min, max, byDefault));
  }

  /** A limit that null or 0 switches off; gives 0 then. */
  long wholeOrOff(String key, long max, Long byDefault) throws ConfigException {
    Object raw = raw(key, "whole number or null", "0.." + max, byDefault);
    if (raw == null) {
      return used(key, 0L);
    }
    return used(key, checked(key, raw, 0, max));
  }

  boolean flag(String key, boolean byDefault) throws ConfigException {
    Object raw = raw(key, "true or false", "true, false", byDefault);
    if (raw instanceof Boolean value) {
      return used(key, value);
    }
    throw wrong(key, found(raw), "true or false");
  }

  /** Text, not blank and without line breaks or other control characters. */
  String text(String key, String allowed, String byDefault) throws ConfigException {
    return used(key, plainText(key, raw(key, "text", allowed, quoted(byDefault)), allowed));
  }

  /** Text of a given form that must be there. */
  String requiredText(String key, Pattern form, String allowed) throws ConfigException {
    Object raw = raw(key, "text", allowed, KeyRule.REQUIRED);
    String value = json.containsKey(key) ? plainText(key, raw, allowed) : "";
    if (!form.matcher(value).matches()) {
      throw wrong(key, json.containsKey(key) ? found(raw) : "missing", allowed);
    }
    return used(key, value);
  }

  /** Text of a given form; absent or null gives null. */
  String optionalText(String key, Pattern form, String allowed) throws ConfigException {
    Object raw = raw(key, "text or null", allowed, null);
    String value = raw == null ? null : plainText(key, raw, allowed);
    if (value != null && !form.matcher(value).matches()) {
      throw wrong(key, found(raw), allowed);
    }
    return used(key, value);
  }

  /** A URL, to be parsed by the caller; what is secret in it is not shown. */
  String url(String key, String allowed, String byDefault) throws ConfigException {
    String url = plainText(key, raw(key, "URL", allowed, quoted(byDefault)), allowed);
    used(key, UrlMask.mask(url));
    return url;
  }

  List<String> texts(String key, int min, int max, String allowed, List<String> byDefault)
      throws ConfigException {
    Object raw = raw(key, "list of text", allowed, new JsonArray(byDefault).encode());
    return texts(key, json.containsKey(key) ? raw : new JsonArray(byDefault), min, max, allowed);
  }

  /** Likewise, but null has a meaning of its own, and gives null. */
  List<String> textsOrNull(String key, int min, int max, String allowed, List<String> byDefault)
      throws ConfigException {
    Object raw = raw(key, "list of text or null", allowed, new JsonArray(byDefault).encode());
    if (raw == null) {
      return used(key, null);
    }
    return texts(key, json.containsKey(key) ? raw : new JsonArray(byDefault), min, max, allowed);
  }

  private List<String> texts(String key, Object raw, int min, int max, String allowed)
      throws ConfigException {
    if (!(raw instanceof JsonArray array) || array.size() < min || array.size() > max) {
      String found = raw instanceof JsonArray list ? list.size() + " entries" : found(raw);
      throw wrong(key, found, "a list of " + min + ".." + max + " texts");
    }
    List<String> values = new ArrayList<>();
    for (Object entry : array) {
      values.add(plainText(key, entry, allowed));
    }
    return used(key, List.copyOf(values));
  }

  /** One of several words; {@code byDefault} is one of them, or null if the key is required. */
  <T> T choice(String key, Map<String, T> choices, String byDefault) throws ConfigException {
    String allowed = String.join(", ", choices.keySet());
    String shown = byDefault == null ? KeyRule.REQUIRED : quoted(byDefault);
    Object raw = raw(key, "text", allowed, shown);
    Object word = json.containsKey(key) ? raw : byDefault;
    if (word instanceof String text && choices.containsKey(text)) {
      used(key, text);
      return choices.get(text);
    }
    throw wrong(key, word == null ? "missing" : found(word), "one of " + allowed);
  }

  /** A secret; absent or null gives null. Never part of a message. */
  Secret secret(String key, boolean required) throws ConfigException {
    String type = required ? "secret" : "secret or null";
    Object raw = raw(key, type, SecretReader.ALLOWED, required ? KeyRule.REQUIRED : null);
    if (required && json.getValue(key) == null) {
      throw wrong(key, "missing", SecretReader.ALLOWED);
    }
    return used(key, raw == null ? null : new SecretReader(this, key).read(raw));
  }

  /** Empty if the key is null; if it is absent, a section of nothing but defaults. */
  Optional<Section> child(String key) throws ConfigException {
    known.add(key);
    if (!json.containsKey(key)) {
      return Optional.of(new Section(loading, at(key), new JsonObject()));
    }
    return object(key, json.getValue(key));
  }

  /** Like {@link #child}, but null is refused: this part always runs with the rest. */
  Section needed(String key) throws ConfigException {
    return child(key).orElseThrow(() -> wrong(key, "null", "an object"));
  }

  /** Empty if the key is absent or null. */
  Optional<Section> optional(String key) throws ConfigException {
    known.add(key);
    return json.getValue(key) == null ? Optional.empty() : object(key, json.getValue(key));
  }

  List<Section> children(String key, int max) throws ConfigException {
    known.add(key);
    Object raw = json.containsKey(key) ? json.getValue(key) : new JsonArray();
    if (!(raw instanceof JsonArray array) || array.size() > max) {
      String found = raw instanceof JsonArray list ? list.size() + " entries" : found(raw);
      throw wrong(key, found, "a list of at most " + max + " objects");
    }
    List<Section> children = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String entry = key + "[" + i + "]";
      children.add(
          object(entry, array.getValue(i)).orElseThrow(() -> wrong(entry, "null", "an object")));
    }
    return children;
  }

  /** A section of a later version: known, so that null is fine, but nothing else is ignored. */
  void notYet(String key) throws ConfigException {
    if (raw(key, "section", "null", null) != null) {
      throw new ConfigException(
          at(key) + " (" + loading.sourceOf(at(key)) + "): not available in this version");
    }
  }

  /** A key nobody read is a typing error, not a default. */
  void rejectUnknownKeys() throws ConfigException {
    for (String key : json.fieldNames()) {
      if (!known.contains(key)) {
        String hint =
            NearestKey.of(key, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("known: " + String.join(", ", known));
        throw new ConfigException(
            at(key) + " (" + loading.sourceOf(at(key)) + "): unknown key; " + hint);
      }
    }
  }

  /** Refuses one time that is not longer than another of this section. */
  void longer(String key, Duration time, String other, Duration than) throws ConfigException {
    if (time.compareTo(than) <= 0) {
      throw wrong(
          key, Long.toString(time.toMillis()), "more than " + other + ", " + than.toMillis());
    }
  }

  /** The error every check ends in. */
  ConfigException wrong(String key, String found, String allowed) {
    String source = json.containsKey(key) ? " (" + loading.sourceOf(at(key)) + ")" : "";
    return new ConfigException(at(key) + source + ": is " + found + "; allowed: " + allowed);
  }

  /** A wrong value as a message may show it: short, and with what is secret in a URL hidden. */
  static String found(Object value) {
    if (value instanceof String text) {
      String masked = UrlMask.mask(text);
      return quoted(masked.length() > 100 ? masked.substring(0, 100) + "…" : masked);
    }
    if (value instanceof JsonObject) {
      return "an object";
    }
    return value instanceof JsonArray ? "a list" : String.valueOf(value);
  }

  private Object raw(String key, String type, String allowed, Object byDefault) {
    known.add(key);
    String path = at(key).replaceAll("\\[\\d+]", "[]");
    loading.seen(new KeyRule(path, type, allowed, String.valueOf(byDefault)));
    if (json.containsKey(key)) {
      return json.getValue(key);
    }
    return byDefault instanceof String text && text.startsWith("\"")
        ? text.substring(1, text.length() - 1)
        : byDefault;
  }

  private long checked(String key, Object raw, long min, long max) throws ConfigException {
    boolean integer = raw instanceof Integer || raw instanceof Long;
    long value = integer ? ((Number) raw).longValue() : min;
    if (!integer || value < min || value > max) {
      String allowed = min == max ? "only " + min : "a whole number " + min + ".." + max;
      throw wrong(key, found(raw), allowed);
    }
    return value;
  }

  private String plainText(String key, Object raw, String allowed) throws ConfigException {
    if (!(raw instanceof String text)) {
      throw wrong(key, found(raw), allowed);
    }
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw wrong(key, text.isBlank() ? "empty" : "text with control characters", allowed);
    }
    return text.strip();
  }

  private Optional<Section> object(String key, Object raw) throws ConfigException {
    if (raw == null) {
      return Optional.empty();
    }
    if (raw instanceof JsonObject object) {
      return Optional.of(new Section(loading, at(key), object));
    }
    // Not the text itself: where a token is expected it may be one.
    throw wrong(key, raw instanceof String ? "text" : found(raw), "an object or null");
  }

  private <T> T used(String key, T value) {
    loading.used(path, key, value, loading.variableOf(at(key)));
    return value;
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
