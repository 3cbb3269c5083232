package io.spillway.config;

import io.spillway.config.Section.Presence;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The server: one HTTP port for edges, browsers and tools.
 *
 * @param tokens without an ingest token, anybody on this machine may write (loopback only)
 * @param pages what the pages for votes and chat are about
 * @param mqtt null: no MQTT over WebSocket
 */
@NotYet({"tls", "jwt"})
public record ServerConfig(
    @Key(
            byDefault = "0.0.0.0",
            form = Form.HOST,
            meaning = "address to listen on; other than loopback needs an ingest token")
        String host,
    @Key(
            byDefault = "3006",
            max = 65_535,
            variables = {"WS_PORT", "PORT"},
            meaning = "0: any free one")
        int port,
    @Entries(max = 1_000, live = true) List<TokenConfig> tokens,
    @Section(Presence.ALWAYS) JournalConfig journal,
    @Section(Presence.ALWAYS) LiveConfig live,
    @Section(Presence.ALWAYS) LimitsConfig limits,
    @Section(Presence.OPTIONAL) GatewayConfig mqtt,
    @Section(Presence.ALWAYS) PagesConfig pages,
    @Key(
            max = 100,
            form = Form.SUBNET,
            meaning =
                "proxies whose `X-Forwarded-For` is believed; behind nginx on this machine "
                    + "`[\"127.0.0.1\", \"::1\"]`")
        List<Subnet> trustedProxies,
    @Key(
            byDefault = "15000",
            min = 1_000,
            max = 600_000,
            meaning =
                "a role that has work and finishes none, or has a fault, for so long makes "
                    + "`/health` say 503")
        Duration stalled)
    implements Checked {
  public ServerConfig {
    tokens = List.copyOf(tokens);
    trustedProxies = List.copyOf(trustedProxies);
  }

  @Override
  public void check(Checks at) throws ConfigException {
    checkTokens(at);
    checkIngest(at);
    if (mqtt != null && mqtt.anonymous() && !HostRule.isLoopback(host)) {
      at.warn("mqtt.anonymous", "anybody who reaches " + host + " may use /mqtt");
    }
  }

  private void checkTokens(Checks at) throws ConfigException {
    Set<String> names = new HashSet<>();
    Set<Secret> secrets = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      TokenConfig token = tokens.get(i);
      String entry = "tokens[" + i + "].";
      if (!names.add(token.name())) {
        throw at.wrong(entry + "name", Found.text(token.name()) + " again", "each name once");
      }
      if (!secrets.add(token.secret())) {
        throw at.wrong(entry + "secret", "that of another token", "each secret once");
      }
    }
  }

  // A server open to the network for writing must be somebody's decision, not a forgotten key.
  private void checkIngest(Checks at) throws ConfigException {
    if (tokens.stream().anyMatch(token -> token.role() == TokenRole.INGEST)) {
      return;
    }
    if (!HostRule.isLoopback(host)) {
      throw new ConfigException(
          at.path("tokens")
              + " ("
              + at.fileName()
              + "): has no ingest token, so anybody who reaches "
              + host
              + " could write; allowed: INGEST_TOKEN set in the environment or in .env, a token"
              + " with role ingest, or "
              + at.path("host")
              + " 127.0.0.1");
    }
    at.warn(
        "tokens", "no ingest token, so any program on this machine may write (set INGEST_TOKEN)");
  }
}
