package io.spillway.server.live;

import io.spillway.server.records.Selection;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a live client asks for. */
sealed interface Command {
  /** The members of commands. */
  Set<String> MEMBERS = Set.of("type", "topics", "since");

  /** Records on these topics too, from offset {@code since} on; 0: from now on. */
  record Subscribe(List<String> topics, long since) implements Command {}

  /** No more of these topics. */
  record Unsubscribe(List<String> topics) implements Command {}

  /** Is anybody there? */
  record Ping() implements Command {}

  /** Meant to be a command, but none of the above. */
  record Wrong(String reason) implements Command {}

  /** No command, but what may be meant to be stored. */
  record Data(String reason) implements Command {}

  /**
   * Reads a text message. An object that has a type and no more than commands have is a command,
   * and a wrong one if the type is not known.
   */
  static Command parse(byte[] text) {
    JsonObject json;
    try {
      json = new JsonObject(Buffer.buffer(text));
    } catch (DecodeException | ClassCastException | IllegalArgumentException error) {
      return new Data("not a JSON object");
    }
    Object type = json.getValue("type");
    if ("ping".equals(type)) {
      return new Ping();
    }
    if ("subscribe".equals(type)) {
      return subscribe(json);
    }
    if ("unsubscribe".equals(type)) {
      return unsubscribe(json);
    }
    String shown = String.valueOf(type);
    String reason =
        "type is "
            + (shown.length() > 50 ? shown.substring(0, 50) + "…" : shown)
            + "; known: subscribe, unsubscribe, ping";
    boolean bare = type != null && MEMBERS.containsAll(json.fieldNames());
    return bare ? new Wrong(reason) : new Data(reason);
  }

  /** Why nothing can be done; null if something can. */
  static String problem(Command command) {
    if (command instanceof Wrong wrong) {
      return wrong.reason();
    }
    return command instanceof Data data ? data.reason() : null;
  }

  private static Command subscribe(JsonObject json) {
    Object since = json.getValue("since");
    boolean offset = since instanceof Integer || since instanceof Long;
    if (since != null && !(offset && ((Number) since).longValue() >= 0)) {
      return new Wrong("since has to be an offset, a whole number from 0 on");
    }
    List<String> topics = topics(json);
    String problem = problem(topics);
    if (problem != null) {
      return new Wrong(problem);
    }
    return new Subscribe(topics, since == null ? 0 : Math.max(1, ((Number) since).longValue()));
  }

  private static Command unsubscribe(JsonObject json) {
    List<String> topics = topics(json);
    String problem = problem(topics);
    return problem == null ? new Unsubscribe(topics) : new Wrong(problem);
  }

  private static String problem(List<String> topics) {
    if (topics == null || topics.isEmpty()) {
      return "topics has to be a list of texts, with at least one";
    }
    return Selection.problem(topics).orElse(null);
  }

  /** Null if it is no list of texts. */
  private static List<String> topics(JsonObject json) {
    if (!(json.getValue("topics") instanceof JsonArray array)) {
      return null;
    }
    Set<String> topics = new LinkedHashSet<>();
    for (Object topic : array) {
      if (!(topic instanceof String text)) {
        return null;
      }
      topics.add(text);
    }
    return new ArrayList<>(topics);
  }
}
