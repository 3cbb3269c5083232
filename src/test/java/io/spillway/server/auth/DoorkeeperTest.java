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
class DoorkeeperTest {
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
    Pass pass =
        doorkeeper(anonymous, ingest ? List.of(EDGES, PAGE) : List.of(PAGE)).admit(presented);

    assertThat(pass.maySend()).isEqualTo(send);
    assertThat(pass.maySend() || pass.mayRead()).isEqualTo(send || read);
    assertThat(pass.mayRead()).isEqualTo(read);
  }

  @Test
  @DisplayName("tells which token was presented")
  void which() {
    Doorkeeper doorkeeper = doorkeeper(false, List.of(EDGES, PAGE));
    assertThat(doorkeeper.admit("in").token()).isEqualTo(EDGES);
    assertThat(doorkeeper.admit("out").token()).isEqualTo(PAGE);
    assertThat(doorkeeper.admit("wrong")).isEqualTo(Pass.NONE);
    assertThat(doorkeeper.admit("in").isAmbient()).isFalse();
    assertThat(doorkeeper.admit("").isAmbient()).isTrue();
  }

  @Test
  @DisplayName("revokes a pass whose secret is gone or has another role, whatever its name is now")
  void revokes() {
    Doorkeeper doorkeeper = doorkeeper(false, List.of(EDGES, PAGE));
    Pass send = doorkeeper.admit("in");
    Pass read = doorkeeper.admit("out");

    doorkeeper.tokens(List.of(PAGE, token("renamed", "in", TokenRole.INGEST)));
    assertThat(doorkeeper.stillValid(send)).isTrue();
    assertThat(doorkeeper.stillValid(read)).isTrue();

    doorkeeper.tokens(List.of(token("edges", "in", TokenRole.LIVE)));
    assertThat(doorkeeper.stillValid(send)).isFalse();
    assertThat(doorkeeper.stillValid(read)).isFalse();

    doorkeeper.tokens(List.of(token("edges", "another", TokenRole.INGEST)));
    assertThat(doorkeeper.stillValid(send)).isFalse();
  }

  @Test
  @DisplayName("revokes the right to send without a token when there is one, and only that")
  void closes() {
    Doorkeeper doorkeeper = doorkeeper(true, List.of());
    Pass anybody = doorkeeper.admit("");
    doorkeeper.tokens(List.of(EDGES));

    assertThat(doorkeeper.stillValid(anybody.forSending())).isFalse();
    assertThat(doorkeeper.stillValid(anybody.forReading())).isTrue();
  }

  private static TokenConfig token(String name, String secret, TokenRole role) {
    return new TokenConfig(name, new Secret(secret), role);
  }

  private static Doorkeeper doorkeeper(boolean anonymous, List<TokenConfig> tokens) {
    Duration some = Duration.ofSeconds(1);
    return new Doorkeeper(
        new ServerConfig(
            "127.0.0.1",
            0,
            tokens,
            new JournalConfig(Path.of("data"), "x.ndjson", some, 1, some, false, some, 0),
            new LiveConfig(anonymous, some, some, 1, List.of(), List.of(), 1),
            new LimitsConfig(1, 1, 1, 0),
            null,
            new PagesConfig(null, "test/phone", null, List.of("A", "B"), true, "chat"),
            List.of(),
            some));
  }
}
