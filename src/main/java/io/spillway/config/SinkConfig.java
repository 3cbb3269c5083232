package io.spillway.config;

import java.time.Duration;

/** How a sink carries records from the journal to its database. */
public record SinkConfig(
    @Key(byDefault = "1000", min = 1, max = 10_000, meaning = "most records in one write")
        int batchRecords,
    @Key(
            byDefault = "1048576",
            min = 1_024,
            max = 16_777_216,
            meaning = "most bytes of records in one write; a single longer record goes alone")
        int batchBytes,
    @Key(byDefault = "100", max = 10_000, meaning = "longest wait for more records before a write")
        Duration linger,
    @Key(
            byDefault = "50",
            min = 1,
            max = 100,
            meaning = "most of the time it may be busy while it is behind and records come in")
        int catchUpPercent,
    @Key(
            byDefault = "30000",
            min = 1_000,
            max = 600_000,
            meaning = "a write or a connection that takes longer has failed, and is tried again")
        Duration timeout) {}
