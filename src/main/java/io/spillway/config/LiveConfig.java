package io.spillway.config;

import java.time.Duration;
import java.util.List;

/**
 * The live WebSocket for browsers.
 *
 * @param routes topics by MQTT filter
 */
public record LiveConfig(
    @Key(byDefault = "false", meaning = "reading needs no token") boolean anonymous,
    @Key(
            byDefault = "30000",
            min = 100,
            max = 600_000,
            meaning = "time between pings to a browser, or to a sender that is silent")
        Duration ping,
    @Key(
            byDefault = "90000",
            min = 200,
            max = 3_600_000,
            meaning = "a browser or sender not heard of for so long is closed; more than `pingMs`")
        Duration idle,
    @Key(
            byDefault = "1048576",
            min = 1_024,
            max = 1_073_741_824,
            meaning = "most that waits for one browser before it is closed as too slow")
        int queueBytes,
    @Key(
            max = 100,
            form = Form.ORIGIN,
            variables = "ALLOWED_ORIGINS",
            meaning = "pages of other origins that may connect")
        List<String> allowedOrigins,
    @Entries(max = 1_000) List<RouteConfig> routes,
    @Key(
            byDefault = "16",
            min = 1,
            max = 1_000,
            meaning = "most replays that read the journal at a time; others wait for their turn")
        int replays)
    implements Checked {
  public LiveConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    routes = List.copyOf(routes);
  }

  @Override
  public void check(Checks at) throws ConfigException {
    at.longer("idleMs", idle, "pingMs", ping);
  }
}
