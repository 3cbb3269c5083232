package io.spillway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Makes records of a JSON tree, as their {@link Shape} says; whatever is wrong is an error that
 * names the key. Databind by itself would stop at Java's names and types, and know of no bounds.
 */
final class Binder {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Loading loading;

  Binder(Loading loading) {
    this.loading = loading;
  }

  /** All settings: each key by itself, then those that have to fit each other. */
  <T> T bind(Class<T> type, ObjectNode root) throws ConfigException {
    Shape shape = Shape.of(type);
    T settings = type.cast(section(shape, "", root));
    check(shape, "", root, settings);
    return settings;
  }

  /** What a section of nothing but defaults is. */
  static <T> T defaults(Class<T> type) {
    try {
      Loading none = new Loading("defaults", Path.of(""), new Variables(Map.of(), DotEnvFile.NONE));
      return new Binder(none).bind(type, NODES.objectNode());
    } catch (ConfigException impossible) {
      throw new AssertionError("the defaults of " + type + " are right", impossible);
    }
  }

  /** Whether these settings fit each other; {@code root} is for the messages only. */
  void check(Config settings, ObjectNode root) throws ConfigException {
    check(Shape.of(Config.class), "", root, settings);
  }

  // --- each key by itself

  private Object section(Shape shape, String path, ObjectNode json) throws ConfigException {
    rejectUnknownKeys(shape, path, json);
    return values(shape, path, json);
  }

  private Object values(Shape shape, String path, ObjectNode json) throws ConfigException {
    List<Object> values = new ArrayList<>();
    for (Member member : shape.members()) {
      values.add(value(member, path, json));
    }
    return shape.make(values);
  }

  private Object value(Member member, String path, ObjectNode json) throws ConfigException {
    if (member instanceof Setting setting) {
      return setting(setting, path, json);
    }
    if (member instanceof Member.Section section) {
      ObjectNode object = object(section, path, json);
      return object == null ? null : section(section.shape(), at(path, section.name()), object);
    }
    if (member instanceof Member.Many many) {
      return entries(many, path, json);
    }
    if (member instanceof Member.Unwrapped inner) {
      return values(inner.shape(), path, json);
    }
    return member.component().getType() == List.class ? List.of() : null;
  }

  /** The section's object; null if it does not run. */
  private ObjectNode object(Member.Section section, String path, ObjectNode json)
      throws ConfigException {
    JsonNode node = json.get(section.name());
    if (node == null) {
      return section.presence() == Section.Presence.OPTIONAL ? null : NODES.objectNode();
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    String key = at(path, section.name());
    if (!node.isNull()) {
      throw loading.wrong(key, true, Found.kind(node), "an object or null");
    }
    if (section.presence() == Section.Presence.ALWAYS) {
      throw loading.wrong(key, true, "null", "an object");
    }
    return null;
  }

  private List<Object> entries(Member.Many many, String path, ObjectNode json)
      throws ConfigException {
    JsonNode list = json.has(many.name()) ? json.get(many.name()) : NODES.arrayNode();
    String key = at(path, many.name());
    if (!list.isArray() || list.size() > many.max()) {
      String found = list.isArray() ? list.size() + " entries" : Found.kind(list);
      throw loading.wrong(key, true, found, "a list of at most " + many.max() + " objects");
    }
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String entry = key + "[" + i + "]";
      if (!(list.get(i) instanceof ObjectNode object)) {
        throw loading.wrong(entry, true, Found.kind(list.get(i)), "an object");
      }
      entries.add(section(many.shape(), entry, object));
    }
    return entries;
  }

  private Object setting(Setting setting, String path, ObjectNode json) throws ConfigException {
    String key = at(path, setting.name());
    override(setting, key, json);
    JsonNode given = json.get(setting.name());
    if (loading.isCut(key) && given.asText().contains("://")) {
      throw loading.cut(key); // no address has a # in it, but in its password
    }
    boolean isNull = given == null ? setting.byDefault().isEmpty() : given.isNull();
    boolean list = setting.kind() == Setting.Kind.TEXTS;
    if (setting.key().required() && (given == null || (isNull && !list && isSecret(setting)))) {
      throw loading.wrong(key, true, "missing", setting.allowed());
    }
    Object value;
    if (isNull && setting.isNullable() && !(given == null && list)) {
      value = setting.key().off() ? Values.zero(setting) : null;
    } else {
      value = read(setting, key, given != null, given == null ? byDefault(setting) : given);
    }
    loading.used(path, setting.name(), shown(setting, given, value), loading.variableOf(key));
    return value;
  }

  private Object read(Setting setting, String key, boolean given, JsonNode json)
      throws ConfigException {
    try {
      return isSecret(setting)
          ? new SecretReader(loading).read(json, loading.variableOf(key) != null)
          : Values.read(setting, json, loading.workingDir());
    } catch (Unusable error) {
      if (loading.isCut(key)) {
        throw loading.cut(key);
      }
      String found = error.found() == null ? Found.json(json) : error.found();
      if (isAmongTokens(key) && !isSecret(setting)) {
        found = Found.kind(json);
      }
      String allowed = error.allowed() == null ? setting.allowed() : error.allowed();
      throw loading.wrong(key, given, found, allowed);
    }
  }

  /** Puts the value of a variable into the JSON, where the same checks await it. */
  private void override(Setting setting, String key, ObjectNode json) {
    List<String> names = List.of(setting.key().variables());
    // A secret the file takes from a variable of its own choice is from the environment already.
    if (names.isEmpty() || (isSecret(setting) && json.path(setting.name()).has("env"))) {
      return;
    }
    names.forEach(loading::warnIfCut);
    loading
        .variables()
        .findFirst(names)
        .ifPresent(
            found -> {
              loading.overridden(key, found, json.get(setting.name()));
              json.set(setting.name(), fromVariable(setting, found.value()));
            });
  }

  private static JsonNode fromVariable(Setting setting, String value) {
    return switch (setting.kind()) {
      case SECRET -> NODES.textNode(value); // as it is: 0012345 is no number
      case TEXTS -> {
        ArrayNode list = NODES.arrayNode();
        Arrays.stream(value.split(",", -1))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .forEach(list::add);
        yield list;
      }
      // What is no number stays text; the check then says so, with the variable's name.
      case WHOLE ->
          value.strip().matches("-?\\d{1,18}")
              ? NODES.numberNode(Long.parseLong(value.strip()))
              : NODES.textNode(value.strip());
      default -> NODES.textNode(value.strip());
    };
  }

  private static JsonNode byDefault(Setting setting) {
    List<String> value = setting.byDefault();
    return switch (setting.kind()) {
      case WHOLE -> NODES.numberNode(Long.parseLong(value.get(0)));
      case DECIMAL -> NODES.numberNode(Double.parseDouble(value.get(0)));
      case FLAG -> NODES.booleanNode(Boolean.parseBoolean(value.get(0)));
      case STEPS -> {
        ArrayNode list = NODES.arrayNode();
        value.forEach(number -> list.add(Double.parseDouble(number)));
        yield list;
      }
      case TEXTS -> {
        ArrayNode list = NODES.arrayNode();
        value.forEach(list::add);
        yield list;
      }
      case WORD, TEXT, SECRET -> NODES.textNode(value.get(0));
    };
  }

  /** For the [CFG] lines: as it is written, but for what is secret. */
  private static Object shown(Setting setting, JsonNode given, Object value) {
    boolean off =
        setting.key().off() && (given == null ? setting.byDefault().isEmpty() : given.isNull());
    if (value == null || off || isSecret(setting)) {
      return off ? "0" : value;
    }
    JsonNode json = given == null || given.isNull() ? null : given;
    return switch (setting.kind()) {
      case STEPS, DECIMAL, FLAG -> value;
      case WHOLE -> json != null ? json.asText() : String.join("", setting.byDefault());
      case TEXTS -> json == null ? setting.byDefault() : texts(json);
      default -> UrlMask.mask(json == null ? setting.byDefault().get(0) : json.asText().strip());
    };
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(entry -> texts.add(entry.asText().strip()));
    return texts;
  }

  private static boolean isSecret(Setting setting) {
    return setting.kind() == Setting.Kind.SECRET;
  }

  /** A key nobody reads is a typing error, not a default. */
  private void rejectUnknownKeys(Shape shape, String path, ObjectNode json) throws ConfigException {
    List<String> known = shape.names();
    for (Iterator<String> keys = json.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!known.contains(key)) {
        String shown = NearestKey.shown(key, known, isAmongTokens(path));
        throw new ConfigException(
            at(path, shown)
                + " ("
                + loading.fileName()
                + "): unknown key; "
                + NearestKey.hint(key, known));
      }
      String place = at(path, key) + " (" + loading.sourceOf(at(path, key)) + "): ";
      if (shape.notYet().contains(key) && !json.get(key).isNull()) {
        throw new ConfigException(place + "not available in this version");
      }
    }
  }

  /** Where somebody may have pasted a token in place of its name or role. */
  private static boolean isAmongTokens(String path) {
    return path.startsWith("server.tokens");
  }

  // --- those that have to fit each other

  private void check(Shape shape, String path, ObjectNode json, Object settings)
      throws ConfigException {
    if (settings instanceof Checked checked) {
      checked.check(new Checks(loading, path, json));
    }
    for (Member member : shape.members()) {
      Object value = Shape.value(member, settings);
      if (member instanceof Member.Section section && value != null) {
        check(section.shape(), at(path, section.name()), object(json.path(section.name())), value);
      } else if (member instanceof Member.Many many) {
        List<?> entries = (List<?>) value;
        for (int i = 0; i < entries.size(); i++) {
          String key = at(path, many.name()) + "[" + i + "]";
          check(many.shape(), key, object(json.path(many.name()).path(i)), entries.get(i));
        }
      }
    }
  }

  private static ObjectNode object(JsonNode json) {
    return json instanceof ObjectNode object ? object : NODES.objectNode();
  }

  private static String at(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
