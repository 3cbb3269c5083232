package io.spillway.config;

import java.time.Duration;

/**
 * When a batch goes: as soon as it is full, or this long after its oldest record.
 *
 * @param maxBytes of its lines together; a single longer record goes alone
 */
public record BatchConfig(Duration interval, int maxRecords, int maxBytes) {
  static BatchConfig from(Section section) throws ConfigException {
    BatchConfig config =
        new BatchConfig(
            section.millis("intervalMs", 0, 60_000, 500),
            section.wholeInt("maxRecords", 1, 10_000, 100),
            section.wholeInt("maxBytes", 1_024, 16_777_216, 262_144));
    section.rejectUnknownKeys();
    return config;
  }
}
