package io.spillway.config;

/**
 * What the server bears.
 *
 * @param maxMessageBytes longest WebSocket message or HTTP body
 * @param connections most WebSockets at a time
 * @param connectionsPerIp most WebSockets at a time from one address
 * @param messagesPerSecondPerIp always 0, no limit, in this version
 */
public record LimitsConfig(
    int maxMessageBytes, int connections, int connectionsPerIp, int messagesPerSecondPerIp) {
  static LimitsConfig from(Section section) throws ConfigException {
    LimitsConfig config =
        new LimitsConfig(
            section.wholeInt("maxMessageBytes", 1_024, 8_388_608, 1_048_576),
            section.wholeInt("connections", 1, 1_000_000, 10_000),
            section.wholeInt("connectionsPerIp", 1, 1_000_000, 100),
            section.wholeInt("messagesPerSecondPerIp", 0, 0, 0));
    section.rejectUnknownKeys();
    return config;
  }
}
