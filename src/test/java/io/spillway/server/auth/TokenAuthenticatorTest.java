package io.spillway.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The doorkeeper")
class TokenAuthenticatorTest {
  private static final TokenConfig EDGES = token("edges", "in", TokenRole.INGEST);
  private static final TokenConfig PAGE = token("page", "out", TokenRole.LIVE);

  @ParameterizedTest(
      name = "given \"{2}\", with an ingest token: {0}, anonymous: {1}; send {3}, read {4}")
  @CsvSource({
    // ingest token?, anonymous?, presented, may send, may read
    "true,  false, '',    false, false",
    "true,  true,  '',    false, true",
    "false, false, '',    true,  false",
    "false, true,  '',    true,  true",
    "true,  true,  in,    true,  false",
    "true,  true,  out,   false, true",
    "false, true,  out,   false, true",
    "false, true,  in,    false, false",
    "true,  true,  wrong, false, false",
    "false, true,  wrong, false, false",
  })
  @DisplayName("opens one door to a token, to none what is everybody's, and nothing to a wrong one")
  void passes(boolean ingest, boolean anonymous, String presented, boolean send, boolean read) {
    Grant grant =
        authenticator(anonymous, ingest ? List.of(EDGES, PAGE) : List.of(PAGE)).admit(presented);

    assertThat(grant.maySend()).isEqualTo(send);
    assertThat(grant.maySend() || grant.mayRead()).isEqualTo(send || read);
    assertThat(grant.mayRead()).isEqualTo(read);
  }

  @Test
  @DisplayName("tells which token was presented")
  void which() {
    TokenAuthenticator authenticator = authenticator(false, List.of(EDGES, PAGE));
    assertThat(authenticator.admit("in").token()).isEqualTo(EDGES);
    assertThat(authenticator.admit("out").token()).isEqualTo(PAGE);
    assertThat(authenticator.admit("wrong")).isEqualTo(Grant.NONE);
    assertThat(authenticator.admit("in").isAmbient()).isFalse();
    assertThat(authenticator.admit("").isAmbient()).isTrue();
  }

  @Test
  @DisplayName("revokes a pass whose secret is gone or has another role, whatever its name is now")
  void revokes() {
    TokenAuthenticator authenticator = authenticator(false, List.of(EDGES, PAGE));
    Grant send = authenticator.admit("in");
    Grant read = authenticator.admit("out");

    authenticator.tokens(List.of(PAGE, token("renamed", "in", TokenRole.INGEST)));
    assertThat(authenticator.stillValid(send)).isTrue();
    assertThat(authenticator.stillValid(read)).isTrue();

    authenticator.tokens(List.of(token("edges", "in", TokenRole.LIVE)));
    assertThat(authenticator.stillValid(send)).isFalse();
    assertThat(authenticator.stillValid(read)).isFalse();

    authenticator.tokens(List.of(token("edges", "another", TokenRole.INGEST)));
    assertThat(authenticator.stillValid(send)).isFalse();
  }

  @Test
  @DisplayName("revokes the right to send without a token when there is one, and only that")
  void closes() {
    TokenAuthenticator authenticator = authenticator(true, List.of());
    Grant anybody = authenticator.admit("");
    authenticator.tokens(List.of(EDGES));

    assertThat(authenticator.stillValid(anybody.forSending())).isFalse();
    assertThat(authenticator.stillValid(anybody.forReading())).isTrue();
  }

  private static TokenConfig token(String name, String secret, TokenRole role) {
    return new TokenConfig(name, new Secret(secret), role);
  }

  private static TokenAuthenticator authenticator(boolean anonymous, List<TokenConfig> tokens) {
    Duration some = Duration.ofSeconds(1);
    return new TokenAuthenticator(
        new ServerConfig(
            "127.0.0.1",
            0,
            tokens,
            new JournalConfig(Path.of("data"), "x.ndjson", some, 1, some, false, some, 0),
            new LiveConfig(anonymous, some, some, 1, List.of(), List.of(), 1),
            new LimitsConfig(1, 1, 1, 0),
            null,
            new PagesConfig(
                null,
                new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
                new PagesConfig.Chat("chat")),
            List.of(),
            some));
  }
}
