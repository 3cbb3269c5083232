package io.spillway.config;

import java.time.Duration;

/**
 * How a sink carries records from the journal to its database.
 *
 * @param batchRecords most records in one write
 * @param batchBytes most bytes of records in one write; a single longer record goes alone
 * @param linger longest wait for more records before a write
 * @param catchUpPercent most of the time it may be busy while it is behind and records come in
 * @param timeout a write or a connection that takes longer has failed
 */
public record SinkConfig(
    int batchRecords, int batchBytes, Duration linger, int catchUpPercent, Duration timeout) {

  static SinkConfig from(Section section) throws ConfigException {
    return new SinkConfig(
        section.wholeInt("batchRecords", 1, 10_000, 1_000),
        section.wholeInt("batchBytes", 1_024, 16_777_216, 1_048_576),
        section.millis("lingerMs", 0, 10_000, 100),
        section.wholeInt("catchUpPercent", 1, 100, 50),
        section.millis("timeoutMs", 1_000, 600_000, 30_000));
  }
}
