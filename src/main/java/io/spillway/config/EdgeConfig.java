package io.spillway.config;

import io.spillway.config.Section.Presence;
import io.spillway.message.Names;
import java.util.Objects;
import java.util.stream.Stream;

/** The edge site. A part that is null does not run in this process; spool and batch go together. */
public record EdgeConfig(
    @Key(
            form = Form.NAME,
            meaning = "first part of every record's `_id`; null: one is generated and kept")
        String name,
    @Section(Presence.UNLESS_NULL) MqttConfig mqtt,
    @Section(Presence.UNLESS_NULL) SpoolConfig spool,
    @Section(Presence.UNLESS_NULL) BatchConfig batch,
    @Section(Presence.UNLESS_NULL) UplinkConfig uplink)
    implements Checked {
  @Override
  public void check(Checks at) throws ConfigException {
    if ((spool == null) != (batch == null)) {
      String key = spool != null ? "spool" : "batch";
      String other = spool != null ? "batch" : "spool";
      throw at.wrong(key, "on while " + at.path(other) + " is null", "both null or neither");
    }
    if (name != null && Names.isReserved(name)) {
      throw at.wrong("name", name, "any other name: a part of the server is called so");
    }
    if (mqtt == null && spool == null && uplink == null) {
      throw new ConfigException("edge: every part is null; allowed: \"edge\": null");
    }
  }

  /** Where this process meets no other that might have them. */
  void warnOfMissingParts(Checks at) {
    Stream.of(
            mqtt == null ? "mqtt" : null,
            spool == null ? "spool" : null,
            uplink == null ? "uplink" : null)
        .filter(Objects::nonNull)
        .forEach(
            part ->
                at.warn(
                    "edge." + part,
                    "is null, which means that it runs in another process of a cluster, and there"
                        + " is no section cluster"));
  }
}
