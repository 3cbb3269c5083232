package io.spillway.wire;

import io.spillway.bus.Fault;
import io.spillway.bus.LastFault;
import io.spillway.bus.RoleState;
import io.spillway.wire.WireMessage.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A {@link Status} as text. What comes from outside is cut to size rather than refused: a role or a
 * counter that cannot be read is left out, a number is brought within bounds, a text is shortened.
 */
final class StatusText {
  /** Longest text of a status message. */
  static final int BYTES_MAX = 16_384;

  private static final int ROLES_MAX = 16;
  private static final int COUNTERS_MAX = 32;
  private static final int NAME_CHARS_MAX = 128;
  private static final int FAULT_CHARS_MAX = 400;
  private static final int FAULT_CHARS_LEAST = 25;

  /** What JavaScript still counts exactly. */
  private static final long NUMBER_MAX = (1L << 53) - 1;

  private static final Pattern ROLE = Pattern.compile("[a-z]{1,32}");
  private static final Pattern COUNTER = Pattern.compile("[A-Za-z]{1,32}");
  private static final byte[] BEGINNING =
      "{\"type\":\"status\"".getBytes(StandardCharsets.US_ASCII);

  private StatusText() {}

  /** Whether it can be nothing else. */
  static boolean isOne(byte[] text) {
    if (text.length < BEGINNING.length) {
      return false;
    }
    for (int i = 0; i < BEGINNING.length; i++) {
      if (text[i] != BEGINNING[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * In at most so many bytes: if need be with shorter texts of faults, and, if even that does not
   * do, with those of the roles for which there is room.
   */
  static String encode(Status status, int bytesMax) {
    int room = Math.min(bytesMax, BYTES_MAX);
    List<RoleState> roles = status.roles().stream().limit(ROLES_MAX).toList();
    for (int faultChars = FAULT_CHARS_MAX; faultChars >= FAULT_CHARS_LEAST; faultChars /= 4) {
      String text = text(roles, faultChars);
      if (fits(text, room)) {
        return text;
      }
    }
    List<RoleState> told = new ArrayList<>();
    for (RoleState role : roles) {
      told.add(role);
      if (!fits(text(told, FAULT_CHARS_LEAST), room)) {
        told.remove(role);
      }
    }
    return text(told, FAULT_CHARS_LEAST);
  }

  private static boolean fits(String text, int bytes) {
    return text.getBytes(StandardCharsets.UTF_8).length <= bytes;
  }

  private static String text(List<RoleState> roles, int faultChars) {
    JsonArray array = new JsonArray();
    roles.forEach(role -> array.add(json(role, faultChars)));
    return new JsonObject().put("type", "status").put("roles", array).encode();
  }

  private static JsonObject json(RoleState role, int faultChars) {
    JsonObject counters = new JsonObject();
    role.counters().forEach(counters::put);
    JsonObject json =
        new JsonObject()
            .put("role", role.role())
            .put("instance", cut(role.instance(), NAME_CHARS_MAX))
            .put("process", role.process())
            .put("waiting", role.waiting())
            .put("done", role.done())
            .put("counters", counters);
    if (!role.fault().isEmpty()) {
      json.put("fault", cut(role.fault().words(), faultChars))
          .put("kind", role.fault().kind().text());
    }
    LastFault last = role.lastFault();
    if (!last.fault().isEmpty()) {
      json.put(
          "lastFault",
          new JsonObject()
              .put("words", cut(last.fault().words(), faultChars))
              .put("kind", last.fault().kind().text())
              .put("beganAgoMs", last.beganAgoMs())
              .put("endedAgoMs", last.endedAgoMs()));
    }
    return json;
  }

  static Status decode(JsonObject json) {
    List<RoleState> roles = new ArrayList<>();
    if (json.getValue("roles") instanceof JsonArray all) {
      for (Object each : all) {
        if (each instanceof JsonObject role && roles.size() < ROLES_MAX && named(role)) {
          roles.add(role(role));
        }
      }
    }
    return new Status(roles);
  }

  private static boolean named(JsonObject json) {
    return json.getValue("role") instanceof String role && ROLE.matcher(role).matches();
  }

  private static RoleState role(JsonObject json) {
    return new RoleState(
        json.getString("role"),
        text(json, "instance", NAME_CHARS_MAX),
        text(json, "process", NAME_CHARS_MAX),
        fault(json, "fault"),
        number(json.getValue("waiting")),
        number(json.getValue("done")),
        counters(json),
        lastFault(json));
  }

  private static Map<String, Long> counters(JsonObject json) {
    Map<String, Long> counters = new TreeMap<>();
    if (json.getValue("counters") instanceof JsonObject all) {
      for (Map.Entry<String, Object> entry : all) {
        if (counters.size() < COUNTERS_MAX && COUNTER.matcher(entry.getKey()).matches()) {
          counters.put(entry.getKey(), number(entry.getValue()));
        }
      }
    }
    return Map.copyOf(counters);
  }

  private static LastFault lastFault(JsonObject json) {
    return json.getValue("lastFault") instanceof JsonObject last
        ? new LastFault(
            fault(last, "words"),
            number(last.getValue("beganAgoMs")),
            number(last.getValue("endedAgoMs")))
        : LastFault.NONE;
  }

  /** An edge of version 0.1 names no kind. */
  private static Fault fault(JsonObject json, String words) {
    return Fault.told(text(json, "kind", NAME_CHARS_MAX), text(json, words, FAULT_CHARS_MAX));
  }

  private static long number(Object value) {
    boolean whole = value instanceof Integer || value instanceof Long;
    return whole ? Math.max(0, Math.min(NUMBER_MAX, ((Number) value).longValue())) : 0;
  }

  private static String text(JsonObject json, String key, int charsMax) {
    return json.getValue(key) instanceof String text ? cut(text, charsMax) : "";
  }

  /** Without control characters, which have no place in a line of words. */
  private static String cut(String text, int charsMax) {
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    if (clean.length() <= charsMax) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(charsMax - 2)) ? charsMax - 2 : charsMax - 1;
    return clean.substring(0, end) + '…';
  }
}
