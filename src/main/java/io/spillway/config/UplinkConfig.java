package io.spillway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The WebSocket to the server.
 *
 * @param server where it is, and the token if the address has one
 * @param ownToken null: that of the address, if any
 */
public record UplinkConfig(
    @Key(
            name = "url",
            byDefault = "ws://127.0.0.1:3006/ws",
            form = Form.SERVER_URL,
            live = true,
            variables = "WS_HOST",
            meaning =
                "the server; a missing path means `/`; no user and password; a `?token=` is "
                    + "taken as the token")
        ServerUrl server,
    @Key(
            name = "token",
            live = true,
            variables = "INGEST_TOKEN",
            meaning = "absent: `INGEST_TOKEN` if it is set, otherwise none is sent")
        Secret ownToken,
    @Key(
            byDefault = "auto",
            live = true,
            meaning =
                "`acknowledged`: only to servers that acknowledge; `plain`: to any, without"
                    + " acknowledgements; `auto`: plain where the server knows no other way, but"
                    + " not for a spool that a server has acknowledged before")
        UplinkMode mode,
    @Key(byDefault = "5000", min = 100, max = 600_000, meaning = "time between keepalive pings")
        Duration ping,
    @Key(
            byDefault = "10000",
            min = 200,
            max = 1_200_000,
            meaning =
                "when nothing comes for so long, not even a pong, the link is dropped, and the next"
                    + " one is given twice as long; more than `pingMs`")
        Duration pongTimeout,
    @Key(
            byDefault = "15000",
            min = 100,
            max = 600_000,
            meaning = "likewise without an ack while something is unacknowledged")
        Duration ackTimeout,
    @Key(
            byDefault = "2000",
            min = 10,
            max = 60_000,
            meaning = "first wait before connecting again; doubles each time")
        Duration reconnect,
    @Key(
            byDefault = "30000",
            min = 10,
            max = 3_600_000,
            meaning = "longest wait; at least `reconnectMs`")
        Duration reconnectMax,
    @Key(byDefault = "false", meaning = "offer permessage-deflate") boolean compress,
    @Key(
            form = Form.PEM_FILE,
            live = true,
            meaning = "authorities to trust for `wss://`; null: those of Java")
        Path caFile)
    implements Checked {
  private static final int DEFAULT_PORT = 3006;

  /** {@code ws://} or {@code wss://}, with a path, without the token. */
  public URI url() {
    return server.url();
  }

  /** Null: none is sent. */
  public Secret token() {
    return ownToken != null ? ownToken : server.token();
  }

  /**
   * True if the address is still the one every example starts with, so that "connection refused"
   * most likely means that nobody has set it.
   */
  public boolean defaultUrl() {
    return port() == DEFAULT_PORT && HostRule.isLoopback(url().getHost());
  }

  /** Host name or address, IPv6 without brackets. */
  public String host() {
    return HostRule.unbracketed(url().getHost());
  }

  /** The port of the URL, or 443 for {@code wss} and 80 for {@code ws}. */
  public int port() {
    return url().getPort() >= 0 ? url().getPort() : tls() ? 443 : 80;
  }

  public boolean tls() {
    return url().getScheme().equals("wss");
  }

  @Override
  public void check(Checks at) throws ConfigException {
    if (ownToken != null && server.token() != null && !ownToken.equals(server.token())) {
      at.warn("url", "its ?token= differs from " + at.path("token") + ", unused");
    }
    if (token() != null) {
      at.token(ownToken != null ? "token" : "url", token());
    }
    at.caFile(caFile, tls());
    at.longer("pongTimeoutMs", pongTimeout, "pingMs", ping);
    at.reconnect(reconnect, reconnectMax);
  }

  @Override
  public String toString() {
    return "UplinkConfig[url=" + UrlMask.mask(url().toString()) + ", token=***]";
  }
}
