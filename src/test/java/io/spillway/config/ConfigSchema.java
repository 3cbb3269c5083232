package io.spillway.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The keys as a JSON Schema, draft 7, which is what editors know. It says less than the program
 * checks: how keys have to fit each other is not in it, nor what is right in a URL.
 */
final class ConfigSchema {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigSchema() {}

  static String text() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultPrettyPrinter.NopIndenter.instance);
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      return JsonMapper.builder().build().writer(printer).writeValueAsString(schema()) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new AssertionError("a tree can be written", impossible);
    }
  }

  private static ObjectNode schema() {
    ObjectNode schema = NODES.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "conf.json of Spillway");
    schema.setAll(section(Shape.of(Config.class)));
    schema.withObject("/properties").putObject("$schema").put("type", "string");
    ArrayNode forms = schema.putObject("definitions").putObject("secret").putArray("anyOf");
    forms.addObject().put("type", "string");
    forms.add(reference("env"));
    forms.add(reference("file"));
    return schema;
  }

  private static ObjectNode reference(String key) {
    ObjectNode object = NODES.objectNode();
    object.put("type", "object").put("additionalProperties", false).putArray("required").add(key);
    object.putObject("properties").putObject(key).put("type", "string");
    return object;
  }

  private static ObjectNode section(Shape shape) {
    ObjectNode object = NODES.objectNode();
    object.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    add(shape, properties, required);
    shape.notYet().forEach(later -> properties.putObject(later).put("type", "null"));
    return required.isEmpty() ? object : object.set("required", required);
  }

  private static void add(Shape shape, ObjectNode properties, ArrayNode required) {
    for (Member member : shape.members()) {
      if (member instanceof Setting setting) {
        properties.set(setting.name(), setting(setting));
        if (setting.key().required()) {
          required.add(setting.name());
        }
      } else if (member instanceof Member.Section section) {
        ObjectNode object = section(section.shape());
        boolean always = section.presence() == Section.Presence.ALWAYS;
        properties.set(section.name(), always ? object : orNull(object));
      } else if (member instanceof Member.Many many) {
        ObjectNode list = properties.putObject(many.name());
        list.put("type", "array").put("maxItems", many.max());
        list.set("items", section(many.shape()));
      } else if (member instanceof Member.Unwrapped inner) {
        add(inner.shape(), properties, required);
      }
    }
  }

  private static ObjectNode setting(Setting setting) {
    ObjectNode value = value(setting);
    ObjectNode schema = setting.isNullable() ? orNull(value) : value;
    schema.put("description", setting.meaning() + " (" + setting.bounds() + ")");
    if (!setting.key().required()) {
      schema.set("default", json(ConfigDocs.shownDefault(setting)));
    }
    return schema;
  }

  private static ObjectNode value(Setting setting) {
    ObjectNode value = NODES.objectNode();
    return switch (setting.kind()) {
      case WHOLE -> bounded(value.put("type", "integer"), setting);
      case DECIMAL -> bounded(value.put("type", "number"), setting);
      case STEPS -> {
        int size = setting.byDefault().size();
        value.put("type", "array").put("minItems", size).put("maxItems", size);
        bounded(value.putObject("items").put("type", "number"), setting);
        yield value;
      }
      case FLAG -> value.put("type", "boolean");
      case WORD -> {
        ArrayNode words = value.putArray("enum");
        setting.choices().keySet().forEach(words::add);
        yield value;
      }
      case TEXT -> text(value, setting);
      case TEXTS -> {
        value.put("type", "array");
        value.put("minItems", (long) setting.min()).put("maxItems", (long) setting.max());
        text(value.putObject("items"), setting);
        yield value;
      }
      case SECRET -> {
        value.putArray("anyOf").addObject().put("$ref", "#/definitions/secret");
        yield value;
      }
    };
  }

  private static ObjectNode bounded(ObjectNode number, Setting setting) {
    return number.put("minimum", (long) setting.min()).put("maximum", (long) setting.max());
  }

  private static ObjectNode text(ObjectNode text, Setting setting) {
    text.put("type", "string");
    String pattern = setting.key().form().pattern();
    return pattern == null ? text : text.put("pattern", "^(" + pattern + ")$");
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.has("anyOf")) {
      schema.withArray("/anyOf").addObject().put("type", "null");
    } else if (schema.has("enum")) {
      schema.withArray("/enum").addNull();
    } else {
      String type = schema.get("type").textValue();
      schema.putArray("type").add(type).add("null");
    }
    return schema;
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException impossible) {
      throw new AssertionError("a default is JSON: " + text, impossible);
    }
  }
}
