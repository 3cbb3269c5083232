package io.spillway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A secret")
class SecretsTest {
  private static final String HIDDEN = "hidden-secret";

  @TempDir Path dir;

  @Test
  @DisplayName("matches its own bytes only, and prints as ***")
  void matches() {
    Secret secret = new Secret("pässword");

    assertThat(secret.matches("pässword".getBytes(UTF_8))).isTrue();
    assertThat(secret.matches("password".getBytes(UTF_8))).isFalse();
    assertThat(secret.matches(new byte[0])).isFalse();
    assertThat(secret.bytes()).isEqualTo("pässword".getBytes(UTF_8));
    assertThat(secret).hasToString("***").isEqualTo(new Secret("pässword"));
    assertThat(secret)
        .isNotEqualTo(new Secret("password"))
        .hasSameHashCodeAs(new Secret("pässword"));
  }

  @Test
  @DisplayName("is text, a variable or a file")
  void sources() throws ConfigException {
    assertThat(token("'" + HIDDEN + "'").config().edge().uplink().token().value())
        .isEqualTo(HIDDEN);
    assertThat(token("{'env':'T'}").env("T", HIDDEN).config().edge().uplink().token().value())
        .isEqualTo(HIDDEN);
    assertThat(token("{'env':'T'}").dotEnv("T=" + HIDDEN).config().edge().uplink().token().value())
        .isEqualTo(HIDDEN);
    assertThat(token("{'file':'t'}").file("t", HIDDEN + "\r\n").config().edge().uplink().token())
        .isEqualTo(new Secret(HIDDEN));
  }

  @Test
  @DisplayName(
      "from a variable or file that is not there is refused, named unless that may be the secret")
  void missing() {
    assertThat(token("{'env':'T'}").refusal())
        .isEqualTo(
            "edge.uplink.token (conf.json): is {\"env\":\"T\"}, which is not set;"
                + " allowed: T set in the environment or in .env");
    assertThat(token("{'env':'s3cret-in-the-wrong-place'}").refusal())
        .isEqualTo(
            "edge.uplink.token (conf.json): is an object with the name of a variable that is not"
                + " set; allowed: {\"env\":\"NAME\"}, NAME set in the environment or in .env");
    assertThat(token("{'file':'none'}").refusal())
        .isEqualTo(
            "edge.uplink.token (conf.json): is an object with the path of a file that is not"
                + " there; allowed: {\"file\":\"path\"}, a file up to 64 KiB");
    assertThat(token("{'file':'t'}").file("t", "\n").refusal()).contains("which is empty");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"mqtt://bob:hidden", "mqtt://bob:hidden?hidden", "ws://[::1]:hidden/x"})
  @DisplayName("is not shown where the host behind it was forgotten")
  void noHost(String url) {
    assertThat(new Setup(dir).conf("{'edge':{'mqtt':{'url':'" + url + "'}}}").refusal())
        .startsWith(
            "edge.mqtt.url (conf.json): is \"" + url.substring(0, url.indexOf(':')) + "://***")
        .doesNotContain("hidden");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"${INGEST_TOKEN}", "$INGEST_TOKEN", "${token:-none}", " ${T} "})
  @DisplayName("is not what a shell would put a variable's value in place of")
  void reference(String text) {
    assertThat(token("'" + text + "'").env("T", HIDDEN).refusal())
        .isEqualTo(
            "edge.uplink.token (conf.json): is text that names a variable as a shell would;"
                + " allowed: {\"env\":\"NAME\"}; for a secret that looks so,"
                + " {\"file\":\"path\"}");
  }

  @Test
  @DisplayName("from a path that is no file is refused, and says what it is")
  void noFile() throws IOException {
    Files.createDirectory(dir.resolve("d"));

    assertThat(token("{'file':'d'}").refusal()).contains("with the path of a directory; allowed");
    assertThat(token("{'file':'/dev/null'}").refusal())
        .contains("with the path of what is no regular file; allowed");
    assertThat(token("{'file':'t'}").file("t", "x".repeat(65_537)).refusal())
        .contains("with the path of a file of 65537 bytes; allowed");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{'text':'hidden-secret'}",
        "{'env':'A','file':'hidden-secret'}",
        "['hidden-secret']",
        "12345678",
        "true",
        "{'env':7}",
        "''",
        "'hidden-secret with space'",
        "'hidden-secret\\u0000'",
        "'hidden-secret-é'"
      })
  @DisplayName("of another form is refused without being shown")
  void otherForms(String json) {
    assertThat(token(json).refusal())
        .startsWith("edge.uplink.token (conf.json): is ")
        .doesNotContain("hidden", "12345678");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{'edge':{'mqtt':{'url':'mqtt://u:hidden-secret@h:99999'}}}",
        "{'edge':{'mqtt':{'url':'mqtt://u:hidden-secret@h/path'}}}",
        "{'edge':{'mqtt':{'url':'http://u:hidden-secret@h'}}}",
        "{'edge':{'mqtt':{'url':'mqtt://u:hidden-secret @h'}}}",
        "{'edge':{'mqtt':{'url':'mqtt://u:hidden-secret#/@h'}}}",
        "{'edge':{'mqtt':{'url':'mqtt://u:a@hidden-secret@h'}}}",
        "{'edge':{'mqtt':{'url':'mqtt://:hidden-secret@h'}}}",
        "{'edge':{'mqtt':{'url':'mqtt://a:hidden-secret@h','username':'u'}}}",
        "{'edge':{'mqtt':{'password':'hidden-secret'}}}",
        "{'edge':{'uplink':{'url':'ws://u:hidden-secret@h'}}}",
        "{'edge':{'uplink':{'url':'http://h/?token=hidden-secret'}}}",
        "{'edge':{'uplink':{'url':'ws://h h/?token=hidden-secret'}}}",
        "{'edge':{'uplink':{'url':'ws://h/?token=hidden-secret#x'}}}",
        "{'server':{'tokens':[{'name':'a','secret':'hidden-secret','role':'write'}]}}",
        "{'server':{'tokens':[{'name':'a','secret':'hidden-secret'}]}}",
        "{'server':{'tokens':['hidden-secret']}}",
        "{'server':{'tokens':[{'name':'a','secret':'hidden-secret','role':'live'},"
            + "{'name':'b','secret':'hidden-secret','role':'ingest'}]}}",
        "{'edge':{'uplink':{'token': hidden-secret }}}",
        "{'edge':{'uplink':{'token':{'env':'hidden-secret'}}}}",
        "{'edge':{'uplink':{'token':{'file':'hidden-secret'}}}}",
        "{'edge':{'uplink':{'url':'ws://h/ws#token=hidden-secret'}}}",
        "{'edge':{'uplink':{'url':'ws://h/ws#hidden-secret'}}}",
        "{'edge':{'uplink':{'url':'h/ws#token=hidden-secret'}}}",
        "{'edge':{'uplink':{'url':'h/ws?token=hidden#secret'}}}",
        "{'edge':{'mqtt':{'url':'u:hidden-secret@h'}}}",
        "{'edge':{'mqtt':{'url':'u:a//hidden-secret@h'}}}",
        "{'edge':{'mqtt':{'url':'//u:hidden-secret@h'}}}",
        "{'server':{'tokens':'hidden-secret'}}",
        "{'server':{'tokens':{'hidden-secret':1}}}",
        "{'server':{'tokens':[{'hidden-secret':1}]}}",
        "{'server':{'tokens':[{'name':'hidden secret','secret':'abcdefgh','role':'live'}]}}",
        "{'server':{'tokens':[{'name':'a','secret':'abcdefgh','role':'hidden-secret'}]}}",
        "{'server':{'tokens':[{'name':'a','secret':{'env':'hidden-secret'},'role':'live'}]}}",
        "{'edge':{'uplink':{'hidden/secret':1}}}",
        "{'edge':{'uplink':{'hidden-secret-of-more-than-forty-characters-':1}}}"
      })
  @DisplayName("is never part of an error")
  void notInErrors(String json) {
    assertThat(new Setup(dir).conf(json).refusal()).doesNotContain("hidden");
  }

  @Test
  @DisplayName("in the place of something else is told by its kind")
  void kinds() {
    assertThat(new Setup(dir).conf("{'server':{'tokens':'hidden'}}").refusal())
        .isEqualTo("server.tokens (conf.json): is a text; allowed: a list of at most 1000 objects");
    assertThat(new Setup(dir).conf("{'server':{'tokens':[{'name':7}]}}").refusal())
        .isEqualTo(
            "server.tokens[0].name (conf.json): is a number; allowed: 1..64 of A-Z a-z 0-9 _ -");
    assertThat(new Setup(dir).conf("{'server':{'tokens':[{'zzzzzzzzzzzzzzzz':7}]}}").refusal())
        .isEqualTo(
            "server.tokens[0].*** (conf.json): unknown key; known: name, secret, role, edges");
    assertThat(new Setup(dir).env("BROKER_URL", "u:hidden@h").refusal())
        .startsWith("edge.mqtt.url (BROKER_URL in the environment): is \"***@h\"; allowed: mqtt:");
  }

  @Test
  @DisplayName("is never part of the summary, the warnings or a record's text")
  void notInSummary() throws ConfigException {
    Loaded loaded =
        new Setup(dir)
            .conf(
                "{'edge':{'mqtt':{'url':'mqtt://usr:hidden-1234@h'},"
                    + "'uplink':{'url':'ws://h/?token=hidden-2345&key=hidden-3456'}},"
                    + "'server':{'tokens':[{'name':'a','secret':'hidden-4567','role':'ingest'}]}}")
            .load();

    assertThat(loaded.toString()).doesNotContain("hidden");
    assertThat(loaded.config().edge().mqtt().password().value()).isEqualTo("hidden-1234");
    assertThat(loaded.config().edge().uplink().token().value()).isEqualTo("hidden-2345");
    assertThat(String.join("\n", loaded.summary()))
        .contains("url=mqtt://***@h", "url=ws://h/?token=***&key=***", "secret=***");
  }

  @Test
  @DisplayName("that is short or the documented example is reported, not shown")
  void weak() throws ConfigException {
    assertThat(token("'change-me'").load().warnings())
        .containsExactly("edge.uplink.token: is still the example from the documentation");
    assertThat(token("'abc'").load().warnings())
        .containsExactly("edge.uplink.token: is shorter than 8 characters");
  }

  private Setup token(String json) {
    return new Setup(dir).conf("{'edge':{'uplink':{'token':" + json + "}}}");
  }
}
