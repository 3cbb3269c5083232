package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The rabbitmq section")
class RabbitConfigTest {
  private static final String SERVER = "{'server':{'host':'127.0.0.1'},'rabbitmq':";

  @TempDir Path dir;

  private RabbitConfig rabbit(String section) throws ConfigException {
    return new Setup(dir).conf(SERVER + section + "}").config().rabbitmq();
  }

  private String refusal(String section) {
    return new Setup(dir).conf(SERVER + section + "}").refusal();
  }

  @Test
  @DisplayName("takes user, password and virtual host from the URL, escapes undone")
  void url() throws ConfigException {
    RabbitConfig rabbit = rabbit("{'url':'amqp://a%40b:p+%2Fq@[::1]:5673/a%2Fb'}");

    assertThat(rabbit.user()).isEqualTo("a@b");
    assertThat(rabbit.password().value()).isEqualTo("p+/q");
    assertThat(rabbit.vhost()).isEqualTo("a/b");
    assertThat(rabbit.address()).isEqualTo("[::1]:5673");
  }

  @Test
  @DisplayName("is encrypted with amqps, at the port for it")
  void tls() throws ConfigException, IOException {
    Files.writeString(dir.resolve("ca.pem"), Setup.CERTIFICATE);

    RabbitConfig rabbit = rabbit("{'url':'amqps://h','caFile':'ca.pem'}");

    assertThat(rabbit.tls()).isTrue();
    assertThat(rabbit.address()).isEqualTo("h:5671");
    assertThat(rabbit.caFile()).isEqualTo(dir.resolve("ca.pem"));
    assertThat(rabbit("{'url':'amqps://h:9'}").address()).isEqualTo("h:9");
    assertThat(rabbit("{'url':'amqp://h'}").tls()).isFalse();
    assertThat(refusal("{'url':'amqps://h','caFile':'none.pem'}")).startsWith("rabbitmq.caFile ");
  }

  @Test
  @DisplayName("means the virtual host / by a path that is missing, and by a slash alone")
  void rootVhost() throws ConfigException {
    assertThat(rabbit("{'url':'amqp://h'}").vhost()).isEqualTo("/");
    assertThat(rabbit("{'url':'amqp://h/'}").vhost()).isEqualTo("/");
    assertThat(rabbit("{'url':'amqp://h/%2F'}").vhost()).isEqualTo("/");
  }

  @Test
  @DisplayName("takes a password from a secret, unless the URL has one")
  void password() throws ConfigException {
    Setup setup = new Setup(dir).env("SECRET", "from-variable");
    setup.conf(SERVER + "{'url':'amqp://u@h','password':{'env':'SECRET'}}}");
    assertThat(setup.config().rabbitmq().password().value()).isEqualTo("from-variable");

    assertThat(refusal("{'url':'amqp://u:hidden@h','password':'other'}"))
        .startsWith("rabbitmq.password (conf.json): is given here and in the url;")
        .doesNotContain("hidden");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"http://h", "amqp://", "amqp://h/a/b", "amqp://h?x=1", "amqp://u:hid#den@h", "h"})
  @DisplayName("refuses what is no AMQP URL, without telling what may be a password")
  void refusesUrls(String url) {
    assertThat(refusal("{'url':'" + url + "'}"))
        .startsWith("rabbitmq.url (conf.json): is ")
        .contains("amqp://[user[:password]@]host[:port][/vhost]")
        .doesNotContain("hid");
  }

  @Test
  @DisplayName("refuses names that AMQP has no room for, and a key that is there twice")
  void names() throws ConfigException {
    String longest = "é".repeat(127) + "e";
    assertThat(rabbit("{'queue':'" + longest + "'}").queue()).isEqualTo(longest);
    assertThat(refusal("{'queue':'" + longest + "e'}")).startsWith("rabbitmq.queue ");
    assertThat(refusal("{'exchange':'" + longest + "e'}")).startsWith("rabbitmq.exchange ");
    assertThat(refusal("{'keys':['" + longest + "e']}")).startsWith("rabbitmq.keys ");
    assertThat(refusal("{'keys':['a','a']}")).startsWith("rabbitmq.keys ");
    assertThat(refusal("{'keys':[]}")).startsWith("rabbitmq.keys ");
  }

  @Test
  @DisplayName("lets address and credentials change while it runs, and nothing else")
  void reload() throws ConfigException {
    Config old = new Setup(dir).conf(SERVER + "{'url':'amqp://u:a@h','queue':'q'}}").config();
    Config fresh =
        new Setup(dir)
            .conf(SERVER + "{'url':'amqps://v:b@i/x','queue':'r','keys':['k']}}")
            .config();

    RabbitConfig now = old.withReloadable(fresh).rabbitmq();

    assertThat(now.address()).isEqualTo("i:5671");
    assertThat(now.tls()).isTrue();
    assertThat(now.vhost()).isEqualTo("x");
    assertThat(now.user()).isEqualTo("v");
    assertThat(now.password()).isEqualTo(new Secret("b"));
    assertThat(now.queue()).isEqualTo("q");
    assertThat(now.keys()).isEqualTo(List.of("tour.availability.low"));
  }
}
