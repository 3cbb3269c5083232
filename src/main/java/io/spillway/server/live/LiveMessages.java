package io.spillway.server.live;

import io.spillway.message.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;

/**
 * What the server says to live clients, beside records. None of it has an {@code _offset}. Times
 * are of the wall clock, in milliseconds since 1970.
 */
final class LiveMessages {
  private LiveMessages() {}

  /** The greeting. */
  static String connection(UUID client, long offset, long nowMs) {
    return new JsonObject()
        .put("type", "connection")
        .put("clientId", client.toString())
        .put("message", "Connected to Spillway")
        .put("offset", offset)
        .put("timestamp", Timestamps.format(nowMs))
        .encode();
  }

  /**
   * The answer to a subscription.
   *
   * @param offset what the next record to be stored has
   * @param gap what is asked for and no longer held; null for none
   * @param reset the offset asked for is beyond the end: it is of another journal
   */
  static String subscribed(List<String> topics, long offset, Gap gap, boolean reset) {
    JsonObject answer = topics("subscribed", topics).put("offset", offset);
    if (gap != null) {
      answer.put("gap", gap(gap));
    }
    if (reset) {
      answer.put("reset", true);
    }
    return answer.encode();
  }

  static String unsubscribed(List<String> topics) {
    return topics("unsubscribed", topics).encode();
  }

  /** Records that a replay could not give, as they are no longer held. */
  static String gap(long from, long to) {
    return new JsonObject().put("type", "gap").put("gap", gap(new Gap(from, to))).encode();
  }

  static String pong(long nowMs) {
    return timed("pong", nowMs);
  }

  static String ping(long nowMs) {
    return timed("ping", nowMs);
  }

  static String error(String reason) {
    return new JsonObject().put("type", "error").put("reason", reason).encode();
  }

  private static JsonObject topics(String type, List<String> topics) {
    return new JsonObject().put("type", type).put("topics", new JsonArray(topics));
  }

  private static JsonObject gap(Gap gap) {
    return new JsonObject().put("from", gap.from()).put("to", gap.to());
  }

  private static String timed(String type, long nowMs) {
    return "{\"type\":\"" + type + "\",\"timestamp\":\"" + Timestamps.format(nowMs) + "\"}";
  }

  /** Offsets that are gone: from the first on, below the second. */
  record Gap(long from, long to) {}
}
