package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The variables of the documented scripts")
class EnvironmentNamesTest {
  @TempDir Path dir;

  @Test
  @DisplayName("alone make an edge")
  void edge() throws ConfigException {
    Config config =
        new Setup(dir)
            .env("BROKER_URL", " mqtt://broker:1884 ")
            .env("TOPIC", "a/#, b")
            .env("WS_HOST", "wss://tunnel.example")
            .env("INGEST_TOKEN", "long-enough")
            .config();

    assertThat(config.server()).isNull();
    assertThat(config.broker()).isNull();
    assertThat(config.edge().mqtt().url()).isEqualTo("mqtt://broker:1884");
    assertThat(config.edge().mqtt().topics()).containsExactly("a/#", "b");
    assertThat(config.edge().uplink().url()).hasToString("wss://tunnel.example/");
    assertThat(config.edge().uplink().token().value()).isEqualTo("long-enough");
  }

  @Test
  @DisplayName("alone make a server")
  void server() throws ConfigException {
    Config config =
        new Setup(dir)
            .dotEnv("WS_PORT=4000", "OUT_DIR=./out", "INGEST_TOKEN=long-enough")
            .env("ALLOWED_ORIGINS", "http://localhost:3000,https://app.example")
            .config();

    assertThat(config.edge()).isNull();
    assertThat(config.server().port()).isEqualTo(4000);
    assertThat(config.server().journal().dir()).isEqualTo(dir.resolve("out"));
    assertThat(config.server().live().allowedOrigins())
        .containsExactly("http://localhost:3000", "https://app.example");
    assertThat(config.server().tokens()).hasSize(1);
  }

  @Test
  @DisplayName("make a server with one file that grows and of which nothing is deleted")
  void growing() throws ConfigException {
    JournalConfig journal =
        new Setup(dir)
            .env("WS_PORT", "0")
            .env("INGEST_TOKEN", "12345678")
            .config()
            .server()
            .journal();

    assertThat(journal.file()).isEqualTo("ingest.ndjson");
    assertThat(journal.segmentBytes()).isZero();
    assertThat(journal.segmentAge()).isZero();
    assertThat(journal.keepAge()).isZero();
    assertThat(journal.keepBytes()).isZero();
    assertThat(journal.gzip()).isFalse();
  }

  @Test
  @DisplayName("of both scripts make both roles")
  void both() throws ConfigException {
    Config config =
        new Setup(dir)
            .env("TOPIC", "a")
            .env("WS_PORT", "0")
            .env("INGEST_TOKEN", "12345678")
            .config();

    assertThat(config.edge()).isNotNull();
    assertThat(config.server()).isNotNull();
  }

  @Test
  @DisplayName("count as not set when they are blank")
  void blank() throws ConfigException {
    assertThat(new Setup(dir).env("BROKER_URL", " ").config().broker()).as("demo").isNotNull();
  }

  @Test
  @DisplayName("change no section that does not run")
  void onlyRunningSections() throws ConfigException {
    Config config =
        new Setup(dir)
            .conf("{'edge':{'mqtt':null},'broker':{}}")
            .env("BROKER_URL", "not a url")
            .env("WS_PORT", "not a port")
            .config();

    assertThat(config.server()).isNull();
    assertThat(config.edge().mqtt()).isNull();
  }

  @Test
  @DisplayName("prefer WS_PORT to PORT, and the environment to .env")
  void ports() throws ConfigException {
    Setup setup = new Setup(dir).conf("{'server':{'host':'127.0.0.1'}}").env("PORT", "1000");
    assertThat(setup.config().server().port()).isEqualTo(1000);

    setup.dotEnv("WS_PORT=2000");
    assertThat(setup.config().server().port()).isEqualTo(1000);

    setup.env("WS_PORT", "3000");
    assertThat(setup.config().server().port()).isEqualTo(3000);
  }

  @Test
  @DisplayName("are named with their place when a value is wrong")
  void named() {
    assertThat(new Setup(dir).dotEnv("WS_PORT=http").env("INGEST_TOKEN", "12345678").refusal())
        .isEqualTo("server.port (WS_PORT in .env): is \"http\"; allowed: a whole number 0..65535");
    assertThat(new Setup(dir).env("WS_HOST", "https://x.trycloudflare.com").refusal())
        .isEqualTo(
            "edge.uplink.url (WS_HOST in the environment): is \"https://x.trycloudflare.com\";"
                + " allowed: ws://host[:port][/path] or wss://host[:port][/path]"
                + " (wss:// for https://)");
    assertThat(new Setup(dir).env("TOPIC", "a/b#").refusal())
        .startsWith("edge.mqtt.topics (TOPIC in the environment): is \"a/b#\": # is not alone");
  }

  @Test
  @DisplayName("replace a token written in the file, but not one the file takes from a variable")
  void uplinkToken() throws ConfigException {
    Setup setup = new Setup(dir).env("INGEST_TOKEN", "from-ingest").env("OTHER", "from-other");

    setup.conf("{'edge':{'uplink':{'token':'from-the-file'}}}");
    assertThat(setup.config().edge().uplink().token().value()).isEqualTo("from-ingest");

    setup.conf("{'edge':{'uplink':{'token':{'env':'OTHER'}}}}");
    assertThat(setup.config().edge().uplink().token().value()).isEqualTo("from-other");
  }

  @Test
  @DisplayName("leave the tokens of a file alone")
  void serverTokens() throws ConfigException {
    ServerConfig server =
        new Setup(dir)
            .conf("{'server':{'tokens':[{'name':'a','secret':'12345678','role':'ingest'}]}}")
            .env("INGEST_TOKEN", "from-ingest")
            .config()
            .server();

    assertThat(server.tokens()).extracting(TokenConfig::name).containsExactly("a");
  }

  @Test
  @DisplayName("of the RabbitMQ server alone make a server that consumes, and hide the password")
  void rabbit() throws ConfigException {
    Setup setup =
        new Setup(dir)
            .dotEnv("PORT=8080", "RABBITMQ_URL=amqp://u:hidden@h", "RABBITMQ_EXCHANGE=events")
            .env("INGEST_TOKEN", "long-enough");
    RabbitConfig rabbitmq = setup.config().rabbitmq();

    assertThat(setup.config().server().port()).isEqualTo(8080);
    assertThat(setup.config().edge()).isNull();
    assertThat(rabbitmq.address()).isEqualTo("h:5672");
    assertThat(rabbitmq.user()).isEqualTo("u");
    assertThat(rabbitmq.password().value()).isEqualTo("hidden");
    assertThat(rabbitmq.exchange()).isEqualTo("events");
    assertThat(String.join(" ", setup.load().summary())).doesNotContain("hidden");
    assertThat(rabbitmq.toString()).doesNotContain("hidden");
  }
}
