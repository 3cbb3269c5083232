package io.spillway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The live WebSocket for browsers.
 *
 * @param anonymous reading needs no token
 * @param ping time between pings
 * @param idle a client not heard of for this long is closed; longer than ping
 * @param queueBytes most that may wait for one client before it is closed as too slow
 * @param allowedOrigins {@code http://host[:port]}, lower case, or {@code *}; empty: the server's
 *     own
 * @param routes topics by MQTT filter
 * @param replays most that read the journal at a time; others wait
 */
public record LiveConfig(
    boolean anonymous,
    Duration ping,
    Duration idle,
    int queueBytes,
    List<String> allowedOrigins,
    List<RouteConfig> routes,
    int replays) {
  private static final int ROUTES_MAX = 1_000;
  private static final Pattern ORIGIN =
      Pattern.compile("\\*|https?://([a-z0-9._-]{1,253}|\\[[0-9a-f:.]{2,45}])(:\\d{1,5})?");
  private static final String ORIGIN_ALLOWED = "0..100 of http[s]://host[:port], or *";

  public LiveConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    routes = List.copyOf(routes);
  }

  static LiveConfig from(Section section) throws ConfigException {
    LiveConfig config =
        new LiveConfig(
            section.flag("anonymous", false),
            section.millis("pingMs", 100, 600_000, 30_000),
            section.millis("idleMs", 200, 3_600_000, 90_000),
            section.wholeInt("queueBytes", 1_024, 1_073_741_824, 1_048_576),
            origins(section),
            routes(section),
            section.wholeInt("replays", 1, 1_000, 16));
    section.longer("idleMs", config.idle, "pingMs", config.ping);
    section.rejectUnknownKeys();
    return config;
  }

  private static List<RouteConfig> routes(Section section) throws ConfigException {
    List<RouteConfig> routes = new ArrayList<>();
    for (Section entry : section.children("routes", ROUTES_MAX)) {
      routes.add(RouteConfig.from(entry));
    }
    return routes;
  }

  private static List<String> origins(Section section) throws ConfigException {
    List<String> origins = new ArrayList<>();
    for (String text : section.texts("allowedOrigins", 0, 100, ORIGIN_ALLOWED, List.of())) {
      // As a browser sends it: lower case, without the slash an address bar shows.
      String origin = text.toLowerCase(Locale.ROOT).replaceFirst("/$", "");
      if (!ORIGIN.matcher(origin).matches()) {
        throw section.wrong("allowedOrigins", Section.found(text), ORIGIN_ALLOWED);
      }
      origins.add(origin);
    }
    return origins;
  }
}
