package io.spillway.config;

/** The embedded MQTT broker of the demo. */
public record BrokerConfig(
    @Key(byDefault = "1883", max = 65_535, meaning = "the demo's MQTT broker; 0: any free one")
        int port,
    @Key(
            byDefault = "9001",
            max = 65_535,
            meaning = "MQTT over WebSocket; 0: any free one; another than `port`")
        int webSocketPort)
    implements Checked {
  @Override
  public void check(Checks at) throws ConfigException {
    if (port != 0 && port == webSocketPort) {
      throw at.wrong("webSocketPort", Integer.toString(port), "another than port");
    }
  }
}
