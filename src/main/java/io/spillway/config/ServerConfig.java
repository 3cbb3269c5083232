package io.spillway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The server: one HTTP port for edges, browsers and tools.
 *
 * @param host address to listen on, IPv6 without brackets
 * @param port 0: any free one
 * @param tokens without an ingest token, anybody on this machine may write (loopback only)
 * @param pages what the pages for votes and chat are about
 * @param trustedProxies whose {@code X-Forwarded-For} is believed
 * @param mqtt null: no MQTT over WebSocket
 * @param stalled a role with work that finishes none for so long is not healthy
 */
public record ServerConfig(
    String host,
    int port,
    List<TokenConfig> tokens,
    JournalConfig journal,
    LiveConfig live,
    LimitsConfig limits,
    GatewayConfig mqtt,
    PagesConfig pages,
    List<Subnet> trustedProxies,
    Duration stalled) {
  private static final int MAX_TOKENS = 1_000;
  private static final int MAX_PROXIES = 100;
  private static final String PROXIES_ALLOWED =
      "0.." + MAX_PROXIES + " of IP addresses or CIDR blocks (10.0.0.0/8)";

  public ServerConfig {
    tokens = List.copyOf(tokens);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** The same with the tokens of {@code fresh}, its limits on connections and its MQTT rules. */
  ServerConfig withAccess(ServerConfig fresh) {
    LimitsConfig mixed =
        new LimitsConfig(
            limits.maxMessageBytes(),
            fresh.limits.connections(),
            fresh.limits.connectionsPerIp(),
            fresh.limits.messagesPerSecondPerIp());
    GatewayConfig rules = mqtt != null && fresh.mqtt != null ? mqtt.withAccess(fresh.mqtt) : mqtt;
    return new ServerConfig(
        host, port, fresh.tokens, journal, live, mixed, rules, pages, trustedProxies, stalled);
  }

  static ServerConfig from(Section section) throws ConfigException {
    String host = section.text("host", "a host name or an IP address", "0.0.0.0");
    if (!HostRule.HOST.matcher(host).matches()) {
      throw section.wrong("host", Section.found(host), "a host name or an IP address");
    }
    int port = section.wholeInt("port", 0, 65_535, 3006);
    List<TokenConfig> tokens = tokens(section);
    checkIngest(section, host, tokens);
    Optional<Section> mqtt = section.optional("mqtt");
    ServerConfig config =
        new ServerConfig(
            HostRule.unbracketed(host),
            port,
            tokens,
            JournalConfig.from(section.needed("journal")),
            LiveConfig.from(section.needed("live")),
            LimitsConfig.from(section.needed("limits")),
            mqtt.isPresent() ? GatewayConfig.from(mqtt.get()) : null,
            PagesConfig.from(section.needed("pages")),
            trustedProxies(section),
            section.millis("stalledMs", 1_000, 600_000, 15_000));
    if (config.mqtt != null && config.mqtt.anonymous() && !HostRule.isLoopback(host)) {
      section
          .loading()
          .warn(section.at("mqtt.anonymous") + ": anybody who reaches " + host + " may use /mqtt");
    }
    section.notYet("tls");
    section.notYet("jwt");
    section.rejectUnknownKeys();
    return config;
  }

  private static List<TokenConfig> tokens(Section section) throws ConfigException {
    List<TokenConfig> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Secret> secrets = new HashSet<>();
    for (Section entry : section.children("tokens", MAX_TOKENS)) {
      TokenConfig token = TokenConfig.from(entry);
      if (!names.add(token.name())) {
        throw entry.wrong("name", Section.found(token.name()) + " again", "each name once");
      }
      if (!secrets.add(token.secret())) {
        throw entry.wrong("secret", "that of another token", "each secret once");
      }
      tokens.add(token);
    }
    return List.copyOf(tokens);
  }

  private static List<Subnet> trustedProxies(Section section) throws ConfigException {
    List<Subnet> subnets = new ArrayList<>();
    for (String text :
        section.texts("trustedProxies", 0, MAX_PROXIES, PROXIES_ALLOWED, List.of())) {
      Subnet subnet = Subnet.parse(text);
      if (subnet == null) {
        throw section.wrong("trustedProxies", Section.found(text), PROXIES_ALLOWED);
      }
      subnets.add(subnet);
    }
    return subnets;
  }

  // A server open to the network for writing must be somebody's decision, not a forgotten key.
  private static void checkIngest(Section section, String host, List<TokenConfig> tokens)
      throws ConfigException {
    if (tokens.stream().anyMatch(token -> token.role() == TokenRole.INGEST)) {
      return;
    }
    if (!HostRule.isLoopback(host)) {
      throw new ConfigException(
          section.at("tokens")
              + " ("
              + section.loading().fileName()
              + "): has no ingest token, so anybody who reaches "
              + host
              + " could write; allowed: INGEST_TOKEN set in the environment or in .env, a token"
              + " with role ingest, or "
              + section.at("host")
              + " 127.0.0.1");
    }
    section
        .loading()
        .warn(
            section.at("tokens")
                + ": no ingest token, so any program on this machine may write (set INGEST_TOKEN)");
  }
}
