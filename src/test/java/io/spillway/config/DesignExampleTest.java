package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The complete example")
class DesignExampleTest {
  static final String EXAMPLE =
      """
      {
        "edge":   { "name": "pi-attic",
                    "mqtt":   { "url": "mqtt://127.0.0.1:1883", "topics": ["pws-packet/#"], "qos": 1, "clientId": "spillway-pi-attic",
                                "username": null, "password": null, "maxMessageBytes": 262144 },
                    "spool":  { "dir": "spool", "maxBytes": 1073741824, "segmentBytes": 8388608, "commitMs": 5, "whenFull": "block" },
                    "batch":  { "intervalMs": 500, "maxRecords": 100, "maxBytes": 262144 },
                    "uplink": { "url": "ws://127.0.0.1:3006/ws", "token": {"env": "INGEST_TOKEN"}, "pingMs": 5000, "pongTimeoutMs": 10000,
                                "ackTimeoutMs": 15000, "reconnectMs": 2000, "reconnectMaxMs": 30000, "compress": false } },
        "server": { "host": "0.0.0.0", "port": 3006,
                    "tokens": [ { "name": "edges", "secret": {"env": "INGEST_TOKEN"}, "role": "ingest" } ],
                    "journal": { "dir": "data", "file": "ingest.ndjson", "commitMs": 5, "segmentBytes": 67108864, "segmentMinutes": 60,
                                 "compress": "gzip", "keepDays": null, "keepBytes": null },
                    "live":   { "anonymous": false, "pingMs": 30000, "idleMs": 90000, "queueBytes": 1048576, "allowedOrigins": [] },
                    "limits": { "maxMessageBytes": 1048576, "connections": 10000, "connectionsPerIp": 100, "messagesPerSecondPerIp": 0 },
                    "pages":  { "mqttUrl": null, "vote": { "topic": "test/phone", "title": null, "candidates": ["IFT1215", "MAT1400", "IFT1065", "MAT1600"],
                                "oncePerBrowser": true }, "chat": { "topic": "chat" } },
                    "tls": null, "jwt": null },
        "rabbitmq": { "url": "amqp://guest:guest@localhost", "exchange": "tour_booking_events", "queue": "websocket_availability_queue", "keys": ["tour.availability.low"] },
        "sinks": { "influx": null, "postgres": null },
        "broker": { "port": 1883, "webSocketPort": 9001 },
        "simulator": { "stations": 3, "rooms": 6, "everyMs": 1000, "eventsMs": 15000 }
      }
      """;

  @TempDir Path dir;

  @Test
  @DisplayName("has every default written out")
  void equalsTheDefaults() throws ConfigException {
    Config written = new Setup(dir).conf(EXAMPLE).env("INGEST_TOKEN", "long-enough").config();
    Config defaults =
        new Setup(dir)
            .conf(
                "{'edge':{'name':'pi-attic','mqtt':{'clientId':'spillway-pi-attic'}},"
                    + "'server':{'tokens':[{'name':'edges','secret':'long-enough','role':'ingest'}]},"
                    + "'rabbitmq':{},'broker':{},'simulator':{}}")
            .env("INGEST_TOKEN", "long-enough")
            .config();

    assertThat(written).isEqualTo(defaults);
  }

  @Test
  @DisplayName("turned upside down sets every key to something else")
  void everyKeyCounts() throws ConfigException, UnknownHostException {
    Config config =
        new Setup(dir)
            .conf(
                "{'edge':{'name':'n','mqtt':{'url':'mqtts://b:9','topics':['a','b/+'],'qos':0,"
                    + "'clientId':'c','username':'u','password':'pw','maxMessageBytes':1000,"
                    + "'scalars':'wrap'},"
                    + "'spool':{'dir':'s','maxBytes':20000,'segmentBytes':10000,'commitMs':0,"
                    + "'whenFull':'dropOldest'},"
                    + "'batch':{'intervalMs':10,'maxRecords':1,'maxBytes':1024},"
                    + "'uplink':{'url':'wss://s/x','token':'t2345678','pingMs':100,"
                    + "'pongTimeoutMs':200,'ackTimeoutMs':300,'reconnectMs':40,"
                    + "'reconnectMaxMs':50,'compress':true}},"
                    + "'server':{'host':'::1','port':0,"
                    + "'tokens':[{'name':'r','secret':'r2345678','role':'live'}],"
                    + "'trustedProxies':['10.1.0.0/16'],'stalledMs':1000,"
                    + "'journal':{'dir':'d','file':'f.ndjson','commitMs':1,'segmentBytes':5000,"
                    + "'segmentMinutes':2,'compress':'none','keepDays':null,'keepBytes':10000},"
                    + "'live':{'anonymous':true,'pingMs':100,'idleMs':200,'queueBytes':2000,"
                    + "'allowedOrigins':['https://A.example/'],'replays':3,"
                    + "'routes':[{'filter':'alarm/#','topic':'alerts'}]},"
                    + "'limits':{'maxMessageBytes':2000,'connections':2,'connectionsPerIp':1,"
                    + "'messagesPerSecondPerIp':0},"
                    + "'mqtt':{'url':'ssl://m:7','anonymous':true,'publish':null,'subscribe':[],"
                    + "'maxConnections':9,'maxPacketBytes':3000,'queueBytes':4000,"
                    + "'connectMs':500,'pingMs':600,'idleMs':700,'slowMs':800},"
                    + "'pages':{'mqttUrl':'wss://b:8081/m','vote':{'topic':'v','title':'t',"
                    + "'candidates':['x'],'oncePerBrowser':false},'chat':{'topic':'c'}}},"
                    + "'rabbitmq':{'url':'amqp://u:p@h:9/v','exchange':'e','queue':'q',"
                    + "'keys':['a.*','b.#'],'declare':false,'prefetch':1,'maxMessageBytes':2000,"
                    + "'heartbeatMs':1000,'reconnectMs':20,'reconnectMaxMs':30}}")
            .config();

    MqttConfig mqtt = config.edge().mqtt();
    assertThat(mqtt)
        .isEqualTo(
            new MqttConfig(
                new BrokerUrl("b", 9, true, null, null),
                List.of("a", "b/+"),
                0,
                "c",
                "u",
                new Secret("pw"),
                1000,
                Scalars.WRAP,
                null));
    assertThat(config.edge().spool())
        .isEqualTo(
            new SpoolConfig(dir.resolve("s"), 20_000, 10_000, Duration.ZERO, WhenFull.DROP_OLDEST));
    assertThat(config.edge().batch()).isEqualTo(new BatchConfig(Duration.ofMillis(10), 1, 1024));
    UplinkConfig uplink = config.edge().uplink();
    assertThat(uplink)
        .isEqualTo(
            new UplinkConfig(
                new ServerUrl(java.net.URI.create("wss://s/x"), null),
                new Secret("t2345678"),
                UplinkMode.AUTO,
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                Duration.ofMillis(40),
                Duration.ofMillis(50),
                true,
                null));
    assertThat(config.rabbitmq())
        .isEqualTo(
            new RabbitConfig(
                new AmqpUrl("h", 9, false, "v", "u", new Secret("p")),
                null,
                null,
                "e",
                "q",
                List.of("a.*", "b.#"),
                false,
                1,
                2000,
                Duration.ofSeconds(1),
                Duration.ofMillis(20),
                Duration.ofMillis(30)));
    assertThat(config.server())
        .isEqualTo(
            new ServerConfig(
                "::1",
                0,
                List.of(new TokenConfig("r", new Secret("r2345678"), TokenRole.LIVE)),
                new JournalConfig(
                    dir.resolve("d"),
                    "f.ndjson",
                    Duration.ofMillis(1),
                    5000,
                    Duration.ofMinutes(2),
                    false,
                    Duration.ZERO,
                    10_000),
                new LiveConfig(
                    true,
                    Duration.ofMillis(100),
                    Duration.ofMillis(200),
                    2000,
                    List.of("https://a.example"),
                    List.of(new RouteConfig("alarm/#", "alerts")),
                    3),
                new LimitsConfig(2000, 2, 1, 0),
                new GatewayConfig(
                    new BrokerUrl("m", 7, true, null, null),
                    null,
                    true,
                    null,
                    List.of(),
                    9,
                    3000,
                    4000,
                    Duration.ofMillis(500),
                    Duration.ofMillis(600),
                    Duration.ofMillis(700),
                    Duration.ofMillis(800)),
                new PagesConfig(
                    java.net.URI.create("wss://b:8081/m"),
                    new PagesConfig.Vote("v", "t", List.of("x"), false),
                    new PagesConfig.Chat("c")),
                List.of(new Subnet(InetAddress.getByName("10.1.0.0"), 16)),
                Duration.ofSeconds(1)));
  }
}
