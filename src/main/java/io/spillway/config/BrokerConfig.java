package io.spillway.config;

/**
 * The embedded MQTT broker of the demo.
 *
 * @param port plain MQTT; 0: any free one
 * @param webSocketPort MQTT over WebSocket; 0: any free one
 */
public record BrokerConfig(int port, int webSocketPort) {
  static BrokerConfig from(Section section) throws ConfigException {
    BrokerConfig config =
        new BrokerConfig(
            section.wholeInt("port", 0, 65_535, 1883),
            section.wholeInt("webSocketPort", 0, 65_535, 9001));
    if (config.port != 0 && config.port == config.webSocketPort) {
      throw section.wrong("webSocketPort", Integer.toString(config.port), "another than port");
    }
    section.rejectUnknownKeys();
    return config;
  }
}
