package io.spillway.config;

/** What the server bears. */
public record LimitsConfig(
    @Key(
            byDefault = "1048576",
            min = 1_024,
            max = 8_388_608,
            meaning = "longest WebSocket message or HTTP body")
        int maxMessageBytes,
    @Key(
            byDefault = "10000",
            min = 1,
            max = 1_000_000,
            live = true,
            meaning = "most WebSockets at a time")
        int connections,
    @Key(
            byDefault = "100",
            min = 1,
            max = 1_000_000,
            live = true,
            meaning = "most WebSockets at a time from one address")
        int connectionsPerIp,
    @Key(byDefault = "0", meaning = "no limit; nothing else in this version")
        int messagesPerSecondPerIp) {}
