package io.spillway.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The edge site. A part that is null does not run in this process; spool and batch go together.
 *
 * @param name first part of every record's {@code _id}; null: one is generated and kept
 */
public record EdgeConfig(
    String name, MqttConfig mqtt, SpoolConfig spool, BatchConfig batch, UplinkConfig uplink) {
  // No dot: _id is <edge>.<epoch>.<seq>.
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  static final String NAME_ALLOWED = "1..64 of A-Z a-z 0-9 _ -";

  /** The same with other topics. */
  EdgeConfig withTopics(List<String> topics) {
    return new EdgeConfig(name, mqtt.withTopics(topics), spool, batch, uplink);
  }

  static EdgeConfig from(Section section) throws ConfigException {
    String name = section.optionalText("name", NAME, NAME_ALLOWED);
    Optional<Section> mqtt = section.child("mqtt");
    Optional<Section> spool = section.child("spool");
    Optional<Section> batch = section.child("batch");
    Optional<Section> uplink = section.child("uplink");
    if (spool.isPresent() != batch.isPresent()) {
      String key = spool.isPresent() ? "spool" : "batch";
      String other = spool.isPresent() ? "batch" : "spool";
      throw section.wrong(
          key, "on while " + section.at(other) + " is null", "both null or neither");
    }
    if (mqtt.isEmpty() && spool.isEmpty() && uplink.isEmpty()) {
      throw new ConfigException("edge: every part is null; allowed: \"edge\": null");
    }
    EdgeConfig edge =
        new EdgeConfig(
            name,
            mqtt.isPresent() ? MqttConfig.from(mqtt.get()) : null,
            spool.isPresent() ? SpoolConfig.from(spool.get()) : null,
            batch.isPresent() ? BatchConfig.from(batch.get()) : null,
            uplink.isPresent() ? UplinkConfig.from(uplink.get()) : null);
    section.rejectUnknownKeys();
    return edge;
  }
}
