package io.spillway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The WebSocket to the server.
 *
 * @param url {@code ws://} or {@code wss://}, with a path, without the token
 * @param token null: none is sent
 * @param ping time between keepalive pings
 * @param pongTimeout without a pong for this long the link counts as dead; longer than ping
 * @param ackTimeout likewise, without an ack while something is unacknowledged
 * @param reconnect wait before the first attempt to reconnect; doubles up to reconnectMax
 * @param compress offer permessage-deflate
 * @param caFile PEM certificates to trust; null: those of the Java platform
 */
public record UplinkConfig(
    URI url,
    Secret token,
    Duration ping,
    Duration pongTimeout,
    Duration ackTimeout,
    Duration reconnect,
    Duration reconnectMax,
    boolean compress,
    Path caFile) {
  private static final int DEFAULT_PORT = 3006;

  static UplinkConfig from(Section section) throws ConfigException {
    ServerUrl server = ServerUrl.read(section, "url");
    UplinkConfig config =
        new UplinkConfig(
            server.url(),
            token(section, server),
            section.millis("pingMs", 100, 600_000, 5_000),
            section.millis("pongTimeoutMs", 200, 1_200_000, 10_000),
            section.millis("ackTimeoutMs", 100, 600_000, 15_000),
            section.millis("reconnectMs", 10, 60_000, 2_000),
            section.millis("reconnectMaxMs", 10, 3_600_000, 30_000),
            section.flag("compress", false),
            Paths.caFile(section, server.url().getScheme().equals("wss")));
    section.longer("pongTimeoutMs", config.pongTimeout, "pingMs", config.ping);
    if (config.reconnectMax.compareTo(config.reconnect) < 0) {
      throw section.wrong(
          "reconnectMaxMs",
          Long.toString(config.reconnectMax.toMillis()),
          "at least reconnectMs, " + config.reconnect.toMillis());
    }
    section.rejectUnknownKeys();
    return config;
  }

  /**
   * True if the address is still the one every example starts with, so that "connection refused"
   * most likely means that nobody has set it.
   */
  public boolean defaultUrl() {
    return port() == DEFAULT_PORT && HostRule.isLoopback(url.getHost());
  }

  /** Host name or address, IPv6 without brackets. */
  public String host() {
    return HostRule.unbracketed(url.getHost());
  }

  /** The port of the URL, or 443 for {@code wss} and 80 for {@code ws}. */
  public int port() {
    return url.getPort() >= 0 ? url.getPort() : tls() ? 443 : 80;
  }

  public boolean tls() {
    return url.getScheme().equals("wss");
  }

  @Override
  public String toString() {
    return "UplinkConfig[url=" + UrlMask.mask(url.toString()) + ", token=***]";
  }

  private static Secret token(Section section, ServerUrl server) throws ConfigException {
    Secret given = section.secret("token", false);
    if (given != null && server.token() != null && !given.equals(server.token())) {
      section
          .loading()
          .warn(
              section.at("url") + ": its ?token= differs from " + section.at("token") + ", unused");
    }
    Secret token = given != null ? given : server.token();
    if (token != null) {
      TokenText.check(section, given != null ? "token" : "url", token);
    }
    return token;
  }
}
