package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server without an ingest token")
class ServerSafetyTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "example.org", "1270.0.0.1"})
  @DisplayName("does not open to the network")
  void network(String host) {
    assertThat(new Setup(dir).conf(Setup.with("server.host", host)).refusal())
        .isEqualTo(
            "server.tokens (conf.json): has no ingest token, so anybody who reaches "
                + host
                + " could write; allowed: INGEST_TOKEN set in the environment or in .env, a token"
                + " with role ingest, or server.host 127.0.0.1");
  }

  @Test
  @DisplayName("does not open to the network for a live token either")
  void liveToken() {
    assertThat(
            new Setup(dir)
                .conf("{'server':{'tokens':[{'name':'a','secret':'12345678','role':'live'}]}}")
                .refusal())
        .startsWith("server.tokens (conf.json): has no ingest token");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"})
  @DisplayName("opens on loopback, and says so")
  void loopback(String host) throws ConfigException {
    assertThat(new Setup(dir).conf(Setup.with("server.host", host)).load().warnings())
        .containsExactly(
            "server.tokens: no ingest token, so any program on this machine may write"
                + " (set INGEST_TOKEN)");
  }

  @Test
  @DisplayName("needs names and secrets that occur once")
  void twice() {
    assertThat(
            tokens(
                "{'name':'a','secret':'12345678','role':'ingest'},"
                    + "{'name':'a','secret':'abcdefgh','role':'live'}"))
        .isEqualTo("server.tokens[1].name (conf.json): is \"a\" again; allowed: each name once");
    assertThat(
            tokens(
                "{'name':'a','secret':'12345678','role':'ingest'},"
                    + "{'name':'b','secret':'12345678','role':'live'}"))
        .isEqualTo(
            "server.tokens[1].secret (conf.json): is that of another token;"
                + " allowed: each secret once");
  }

  @Test
  @DisplayName("needs tokens that are complete")
  void incomplete() {
    assertThat(tokens("{}")).startsWith("server.tokens[0].name (conf.json): is missing");
    assertThat(tokens("{'name':'a'}"))
        .startsWith("server.tokens[0].secret (conf.json): is missing");
    assertThat(tokens("{'name':'a','secret':'12345678'}"))
        .isEqualTo("server.tokens[0].role (conf.json): is missing; allowed: one of ingest, live");
  }

  private String tokens(String entries) {
    return new Setup(dir).conf("{'server':{'tokens':[" + entries + "]}}").refusal();
  }
}
