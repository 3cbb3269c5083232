package io.spillway.wire;

import io.spillway.message.LineEnd;
import io.spillway.message.Lines;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Skip;
import io.spillway.wire.WireMessage.Status;
import io.spillway.wire.WireMessage.Welcome;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Encodes and decodes {@link WireMessage}s. */
public final class Wire {
  /** The WebSocket subprotocol (RFC 6455 section 1.9). */
  public static final String SUBPROTOCOL = "spillway.v1";

  /** Longest status that is looked at. */
  public static final int STATUS_BYTES_MAX = StatusText.BYTES_MAX;

  private static final int VERSION = 1;
  private static final String FEATURES = "features";
  private static final String SKIP = "skip";
  private static final int HEADER_BYTES_MAX = 4_096;

  /** So that a message with it stays below that, though each of them may be escaped. */
  private static final int REASON_CHARS_MAX = 500;

  /** What JSON carries exactly everywhere (RFC 8259 section 6), and adding to it overflows not. */
  private static final long NUMBER_MAX = (1L << 53) - 1;

  /** Below that a server could have an edge set all its records aside. */
  private static final int BYTES_LEAST = 1_024;

  /** A text of the peer's in a message about it. */
  private static final int QUOTED_CHARS_MAX = 80;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

  private Wire() {}

  /** Whether a Sec-WebSocket-Protocol header, or null, offers it among others. */
  public static boolean isOffered(String header) {
    return header != null && List.of(header.split("\\s*,\\s*", -1)).contains(SUBPROTOCOL);
  }

  /** What the {@code type} of a message says. */
  public static String typeOf(WireMessage message) {
    if (message instanceof BatchMessage) {
      return "batch";
    }
    return message instanceof Status ? "status" : json(message).getString("type");
  }

  /** A message as the text of a WebSocket message. */
  public static String encode(WireMessage message) {
    if (message instanceof BatchMessage batch) {
      Lines lines = batch.lines();
      String header =
          "{\"type\":\"batch\",\"first\":" + batch.first() + ",\"count\":" + lines.count() + "}\n";
      return header
          + new String(lines.array(), lines.from(), lines.length(), StandardCharsets.UTF_8);
    }
    if (message instanceof Status status) {
      return encode(status, STATUS_BYTES_MAX);
    }
    return json(message).encode();
  }

  /** A status for a server that takes messages of so many bytes; what does not fit is left out. */
  public static String encode(Status status, int bytesMax) {
    return StatusText.encode(status, bytesMax);
  }

  /** Whether a message is a status, be it a damaged one. */
  public static boolean isStatus(byte[] text) {
    return StatusText.isOne(text);
  }

  /**
   * Reads a message.
   *
   * @throws WireException if it is none of ours; the text is for the peer
   */
  public static WireMessage decode(byte[] text) throws WireException {
    int firstEnd = LineEnd.indexIn(text, 0, text.length);
    int headerEnd = firstEnd < 0 ? text.length : firstEnd;
    int headerMax = isStatus(text) ? StatusText.BYTES_MAX : HEADER_BYTES_MAX;
    if (headerEnd > headerMax) {
      throw new WireException("the first line is longer than " + headerMax + " bytes");
    }
    try {
      JsonObject header = new JsonObject(new String(text, 0, headerEnd, StandardCharsets.UTF_8));
      return decode(header, text, Math.min(headerEnd + 1, text.length));
    } catch (DecodeException | ClassCastException e) {
      throw new WireException("not a JSON object of " + SUBPROTOCOL);
    }
  }

  private static WireMessage decode(JsonObject header, byte[] text, int bodyAt)
      throws WireException {
    String type = String.valueOf(header.getValue("type"));
    return switch (type) {
      case "hello" -> {
        if (number(header, "version") != VERSION) {
          throw new WireException(quoted("version", header.getValue("version")));
        }
        yield new Hello(
            name(header, "edge"),
            name(header, "epoch"),
            number(header, "first"),
            key(header),
            number(header, "acknowledged", 1),
            number(header, "acknowledgedFrom", 1),
            knows(header, SKIP));
      }
      case "welcome" ->
          new Welcome(
              number(header, "next"),
              limit(header, "window", 1),
              limit(header, "maxRecords", 1),
              limit(header, "maxBytes", BYTES_LEAST),
              statusMs(header),
              number(header, "lostFrom", 0),
              knows(header, SKIP));
      case "batch" ->
          new BatchMessage(number(header, "first"), lines(text, bodyAt, number(header, "count")));
      case SKIP -> new Skip(number(header, "first"), number(header, "count"));
      case "ack" -> new Ack(number(header, "next"));
      case "reject" -> new Reject(number(header, "seq"), String.valueOf(header.getValue("reason")));
      case "status" -> StatusText.decode(header);
      default -> throw new WireException(quoted("type", type));
    };
  }

  private static JsonObject json(WireMessage message) {
    if (message instanceof Hello hello) {
      JsonObject json =
          new JsonObject()
              .put("type", "hello")
              .put("edge", hello.edge())
              .put("epoch", hello.epoch())
              .put("first", hello.first());
      if (hello.key() != null) {
        json.put("key", hello.key());
      }
      if (hello.assured() > 1) {
        json.put("acknowledged", hello.assured());
      }
      if (hello.assured() > 1 && hello.assuredFrom() > 1) {
        json.put("acknowledgedFrom", hello.assuredFrom());
      }
      features(json, hello.skips());
      return json.put("version", VERSION);
    }
    if (message instanceof Welcome welcome) {
      JsonObject json =
          new JsonObject()
              .put("type", "welcome")
              .put("next", welcome.next())
              .put("window", welcome.window())
              .put("maxRecords", welcome.maxRecords())
              .put("maxBytes", welcome.maxBytes());
      if (welcome.lostFrom() > 0) {
        json.put("lostFrom", welcome.lostFrom());
      }
      features(json, welcome.skips());
      return welcome.statusMs() == 0 ? json : json.put("status", welcome.statusMs());
    }
    if (message instanceof Skip skip) {
      return new JsonObject()
          .put("type", SKIP)
          .put("first", skip.first())
          .put("count", skip.count());
    }
    if (message instanceof Ack ack) {
      return new JsonObject().put("type", "ack").put("next", ack.next());
    }
    if (message instanceof Reject reject) {
      return new JsonObject()
          .put("type", "reject")
          .put("seq", reject.seq())
          .put("reason", shortened(reject.reason(), REASON_CHARS_MAX));
    }
    throw new IllegalArgumentException("not a message of one line: " + message);
  }

  /** What a peer knows beyond the first version, each by its name. */
  private static void features(JsonObject json, boolean skips) {
    if (skips) {
      json.put(FEATURES, new JsonArray().add(SKIP));
    }
  }

  private static boolean knows(JsonObject header, String feature) {
    return header.getValue(FEATURES) instanceof JsonArray known && known.contains(feature);
  }

  /** The lines behind the header; the last one may lack its line end. */
  private static Lines lines(byte[] text, int from, long expected) throws WireException {
    int count = LineEnd.countIn(text, from, text.length);
    byte[] bytes = text;
    if (from < text.length && text[text.length - 1] != '\n') {
      bytes = java.util.Arrays.copyOf(text, text.length + 1);
      bytes[text.length] = '\n';
      count++;
    }
    if (count != expected) {
      throw new WireException("count says " + expected + " records, there are " + count + " lines");
    }
    return new Lines(bytes, from, bytes.length, count);
  }

  private static long number(JsonObject header, String key) throws WireException {
    Object value = header.getValue(key);
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= 0 && number <= NUMBER_MAX) {
        return number;
      }
    }
    throw new WireException(key + " is not a whole number from 0 to " + NUMBER_MAX);
  }

  private static long number(JsonObject header, String key, long absent) throws WireException {
    return header.containsKey(key) ? number(header, key) : absent;
  }

  /** One that is too small, or does not fit, would stop the edge for ever. */
  private static int limit(JsonObject header, String key, int least) throws WireException {
    long limit = number(header, key);
    if (limit < least || limit > Integer.MAX_VALUE) {
      throw new WireException(
          key + " is not a whole number from " + least + " to " + Integer.MAX_VALUE);
    }
    return (int) limit;
  }

  private static String key(JsonObject header) throws WireException {
    Object key = header.getValue("key");
    if (key == null || (key instanceof String text && KEY.matcher(text).matches())) {
      return (String) key;
    }
    throw new WireException("key is not 32 hex digits");
  }

  private static String quoted(String what, Object value) {
    String text = String.valueOf(value);
    return what + ' ' + shortened(text, QUOTED_CHARS_MAX) + " is not known here";
  }

  /** Whatever is no number of milliseconds asks for nothing. */
  private static int statusMs(JsonObject header) {
    return header.getValue("status") instanceof Integer ms && ms > 0 ? ms : 0;
  }

  private static String shortened(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax) + "…";
  }

  private static String name(JsonObject header, String key) throws WireException {
    if (header.getValue(key) instanceof String name && NAME.matcher(name).matches()) {
      return name;
    }
    throw new WireException(key + " is not a name of 1 to 64 letters, digits, _ and -");
  }
}
