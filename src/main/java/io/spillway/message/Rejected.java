package io.spillway.message;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A message that cannot become a record, kept so that somebody can look at it and replay it.
 *
 * @param topic MQTT topic it came on; the {@code _id} of a record that was set aside, at either
 *     end; or the name of a client of the server
 * @param atMs when it arrived, in milliseconds since 1970
 * @param reason in words, for a person
 * @param payload the bytes as they came, or their beginning when {@code size} is larger
 * @param size how many bytes came
 */
public record Rejected(String topic, long atMs, String reason, byte[] payload, long size) {

  /** One line of {@code rejected.ndjson}, with its line end. */
  public byte[] toLine() {
    StringBuilder line = new StringBuilder(128 + payload.length * 4 / 3);
    line.append("{\"topic\":\"").append(JsonText.escape(topic));
    line.append("\",\"time\":\"").append(Timestamps.format(atMs));
    line.append("\",\"reason\":\"").append(JsonText.escape(reason));
    line.append("\",\"size\":").append(size);
    line.append(",\"payload\":\"").append(Base64.getEncoder().encodeToString(payload));
    return line.append("\"}\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
