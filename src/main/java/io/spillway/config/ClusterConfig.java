package io.spillway.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The Hazelcast cluster that several processes share their event bus through.
 *
 * @param name only processes with the same one meet
 * @param port of this process
 * @param members hosts to look for the others on, {@code host} or {@code host:port}
 */
public record ClusterConfig(String name, int port, List<String> members) {
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9._-]{1,253}(:\\d{1,5})?");
  private static final String MEMBER_ALLOWED = "0..1000 of host or host:port";

  static ClusterConfig from(Section section) throws ConfigException {
    String name = section.text("name", EdgeConfig.NAME_ALLOWED, "spillway");
    if (!EdgeConfig.NAME.matcher(name).matches()) {
      throw section.wrong("name", Section.found(name), EdgeConfig.NAME_ALLOWED);
    }
    ClusterConfig config =
        new ClusterConfig(
            name,
            section.wholeInt("port", 1, 65_535, 5701),
            section.texts("members", 0, 1_000, MEMBER_ALLOWED, List.of()));
    for (String member : config.members) {
      if (!MEMBER.matcher(member).matches()) {
        throw section.wrong("members", Section.found(member), MEMBER_ALLOWED);
      }
    }
    section.rejectUnknownKeys();
    return config;
  }
}
