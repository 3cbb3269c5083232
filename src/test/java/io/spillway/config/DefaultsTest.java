package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

@DisplayName("The defaults")
class DefaultsTest {
  static final PagesConfig PAGES =
      new PagesConfig(
          null,
          new PagesConfig.Vote(
              "test/phone", null, List.of("IFT1215", "MAT1400", "IFT1065", "MAT1600"), true),
          new PagesConfig.Chat("chat"));

  @TempDir Path dir;

  @Test
  @DisplayName("of an empty edge section are the documented ones")
  void edge() throws ConfigException {
    EdgeConfig edge = new Setup(dir).conf("{'edge':{}}").config().edge();

    assertThat(edge)
        .isEqualTo(
            new EdgeConfig(
                null,
                new MqttConfig(
                    new BrokerUrl("127.0.0.1", 1883, false, null, null),
                    List.of("pws-packet/#"),
                    1,
                    null,
                    null,
                    null,
                    262_144,
                    Scalars.REJECT,
                    null),
                new SpoolConfig(
                    dir.resolve("spool"),
                    1_073_741_824,
                    8_388_608,
                    Duration.ofMillis(5),
                    WhenFull.BLOCK),
                new BatchConfig(Duration.ofMillis(500), 100, 262_144),
                new UplinkConfig(
                    new ServerUrl(URI.create("ws://127.0.0.1:3006/ws"), null),
                    null,
                    UplinkMode.AUTO,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30),
                    false,
                    null)));
  }

  @Test
  @DisplayName("of an empty server section are the documented ones")
  void server() throws ConfigException {
    ServerConfig server =
        new Setup(dir).conf("{'server':{}}").env("INGEST_TOKEN", "long-enough").config().server();

    assertThat(server)
        .isEqualTo(
            new ServerConfig(
                "0.0.0.0",
                3006,
                List.of(new TokenConfig("ingest", new Secret("long-enough"), TokenRole.INGEST)),
                new JournalConfig(
                    dir.resolve("data"),
                    "ingest.ndjson",
                    Duration.ofMillis(5),
                    67_108_864,
                    Duration.ofMinutes(60),
                    true,
                    Duration.ZERO,
                    0),
                new LiveConfig(
                    false,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(90),
                    1_048_576,
                    List.of(),
                    List.of(),
                    16),
                new LimitsConfig(1_048_576, 10_000, 100, 0),
                null,
                PAGES,
                List.of(),
                Duration.ofSeconds(15)));
  }

  @Test
  @DisplayName("of an empty server.mqtt section are the documented ones; without it there is none")
  void gateway() throws ConfigException {
    Config config = new Setup(dir).conf("{'server':{'host':'::1','mqtt':{}}}").config();

    assertThat(config.server().mqtt())
        .isEqualTo(
            new GatewayConfig(
                new BrokerUrl("127.0.0.1", 1883, false, null, null),
                null,
                false,
                List.of(),
                List.of("#"),
                1_000,
                262_144,
                65_536,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(90),
                Duration.ofSeconds(15)));
    assertThat(new Setup(dir).conf("{'server':{'host':'::1'}}").config().server().mqtt()).isNull();
  }

  @Test
  @DisplayName("of an empty rabbitmq section are the documented ones")
  void rabbitmq() throws ConfigException {
    RabbitConfig rabbitmq =
        new Setup(dir).conf("{'server':{'host':'::1'},'rabbitmq':{}}").config().rabbitmq();

    assertThat(rabbitmq)
        .isEqualTo(
            new RabbitConfig(
                new AmqpUrl("localhost", 5672, false, "/", "guest", new Secret("guest")),
                null,
                null,
                "tour_booking_events",
                "websocket_availability_queue",
                List.of("tour.availability.low"),
                true,
                500,
                1_048_576,
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30)));
  }

  @Test
  @DisplayName("of an empty iaq section are the documented ones")
  void iaq() throws ConfigException {
    Config config = new Setup(dir).conf("{'iaq':{},'server':{'host':'127.0.0.1'}}").config();

    assertThat(config.iaq()).isEqualTo(IaqConfig.DEFAULTS);
    assertThat(config.iaq().hold()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.iaq().clear()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.iaq().predict()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.iaq().stale()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.iaq().co2().warning()).isEqualTo(1000);
    assertThat(new Setup(dir).conf("{'server':{'host':'127.0.0.1'}}").config().iaq()).isNull();
  }

  @Test
  @DisplayName("of broker, simulator and cluster are the documented ones")
  void others() throws ConfigException {
    Config config = new Setup(dir).conf("{'broker':{},'simulator':{},'cluster':{}}").config();

    assertThat(config)
        .isEqualTo(
            new Config(
                null,
                null,
                null,
                null,
                SinksConfig.NONE,
                new BrokerConfig(1883, 9001),
                new SimulatorConfig(3, 6, Duration.ofSeconds(1), Duration.ofSeconds(15)),
                new ClusterConfig("spillway", 5701, List.of()),
                new LogConfig(Level.INFO, LogFormat.TEXT)));
  }

  @Test
  @DisplayName("of an empty postgres section are the documented ones")
  void postgres() throws ConfigException {
    Config config =
        new Setup(dir).conf("{'server':{'host':'127.0.0.1'},'sinks':{'postgres':{}}}").config();

    assertThat(config.sinks().postgres())
        .isEqualTo(
            new PostgresConfig(
                new PostgresUrl("127.0.0.1", 5432, "spillway", "spillway", null),
                null,
                TlsMode.PREFER,
                null,
                "records",
                PartitionBy.MONTH,
                List.of(),
                new SinkConfig(
                    1_000, 1_048_576, Duration.ofMillis(100), 50, Duration.ofSeconds(30)),
                4,
                Duration.ofSeconds(5)));
  }

  @Test
  @DisplayName("of an influx section with nothing but a database are the documented ones")
  void influx() throws ConfigException {
    Config config =
        new Setup(dir)
            .conf("{'server':{'host':'127.0.0.1'},'sinks':{'influx':{'database':'d'}}}")
            .config();

    assertThat(config.sinks().influx())
        .isEqualTo(
            new InfluxConfig(
                URI.create("http://127.0.0.1:8086"),
                "d",
                null,
                null,
                null,
                null,
                null,
                null,
                "records",
                List.of(
                    List.of("_topic"),
                    List.of("type"),
                    List.of("sensor_id"),
                    List.of("enseigne"),
                    List.of("salle")),
                List.of(),
                List.of("timestamp"),
                false,
                new SinkConfig(
                    1_000, 1_048_576, Duration.ofMillis(100), 50, Duration.ofSeconds(30))));
  }

  @Test
  @DisplayName("leave the roles of absent sections and of null sections out")
  void absentRoles() throws ConfigException {
    Config config = new Setup(dir).conf("{'edge':null,'broker':{}}").config();

    assertThat(config.edge()).isNull();
    assertThat(config.server()).isNull();
    assertThat(config.cluster()).isNull();
  }

  @Test
  @DisplayName("are overridden by the file, that by .env, and that by the environment")
  void order() throws ConfigException {
    Setup setup = new Setup(dir).conf("{'edge':{'mqtt':{'url':'mqtt://conf'}}}");
    assertThat(setup.config().edge().mqtt().host()).isEqualTo("conf");

    setup.dotEnv("BROKER_URL=mqtt://dotenv");
    assertThat(setup.config().edge().mqtt().host()).isEqualTo("dotenv");

    setup.env("BROKER_URL", "mqtt://environment");
    assertThat(setup.config().edge().mqtt().host()).isEqualTo("environment");
  }
}
