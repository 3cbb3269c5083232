package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Certificates;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Nginx;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.RawSocket;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MQTT over WebSocket at /mqtt, with Mosquitto and MQTT.js")
class MqttGatewayIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String READER = "live-token-0123456789";

  @RegisterExtension final Site site = new Site();

  private Spillway server(Mosquitto broker) {
    return server(broker.url());
  }

  /** Clients may publish to chat/# and subscribe to chat/# and news. */
  private Spillway server(String brokerUrl) {
    JsonObject reader =
        new JsonObject().put("name", "pages").put("secret", READER).put("role", "live");
    Spillway server = Spillway.server(site);
    server.conf().getJsonObject("server").getJsonArray("tokens").add(reader);
    JsonObject mqtt =
        new JsonObject()
            .put("url", brokerUrl)
            .put("publish", JsonArray.of("chat/#"))
            .put("subscribe", JsonArray.of("chat/#", "news"));
    return server.set("server.mqtt", mqtt);
  }

  private static String url(int port) {
    return "ws://127.0.0.1:" + port + "/mqtt";
  }

  private Proc client(Spillway server, JsonObject settings) {
    return NodeScript.mqtt(site, url(server.port()) + "?token=" + READER, settings);
  }

  private Proc connected(Spillway server, int version) {
    Proc client = client(server, new JsonObject().put("protocolVersion", version));
    client.awaitLine("^connected", SOON);
    return client;
  }

  private Proc subscribed(Spillway server, int version, String filters) {
    Proc client = connected(server, version);
    client.type("sub " + filters);
    client.awaitLine("^granted", SOON);
    return client;
  }

  private static double metric(Spillway server, String line) {
    return metrics(server)
        .lines()
        .filter(found -> found.startsWith(line + " "))
        .mapToDouble(found -> Double.parseDouble(found.substring(line.length() + 1)))
        .sum();
  }

  private static String metrics(Spillway server) {
    try {
      return Http.get(server.httpUrl() + "/metrics").body();
    } catch (IOException | InterruptedException error) {
      throw new AssertionError(error);
    }
  }

  @ParameterizedTest(name = "version {0}")
  @ValueSource(ints = 4)
  @DisplayName("carries every QoS, retained messages, a will and 200 KB")
  void carries(int version) {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Proc reader = subscribed(server, version, "2 chat/#");
    JsonObject will = new JsonObject().put("topic", "chat/will").put("payload", "gone");
    JsonObject settings =
        new JsonObject()
            .put("protocolVersion", version)
            .put("deflate", true)
            .put("headers", new JsonObject().put("Authorization", "Bearer " + READER))
            .put("will", will);
    Proc writer = NodeScript.mqtt(site, url(server.port()), settings);
    writer.awaitLine("^connected", SOON);

    for (int qos = 0; qos <= 2; qos++) {
      writer.type("pub " + qos + " chat/qos" + qos + " hello");
      writer.awaitLine("^published chat/qos" + qos + " ok", SOON);
      reader.awaitLine("^message chat/qos" + qos + " qos=" + qos + " retain=false hello", SOON);
    }
    writer.type("pub 1 chat/big 200000B retain");
    reader.awaitLine("^message chat/big .*200000 bytes, all 7: true", SOON);
    assertThat(writer.awaitLine("^open", SOON))
        .isEqualTo(version == 3 ? "open mqttv3.1" : "open mqtt");
    writer.type("abort");
    reader.awaitLine("^message chat/will .*gone", SOON);
    Proc late = subscribed(server, version, "1 chat/big");
    late.awaitLine("^message chat/big qos=1 retain=true 200000 bytes, all 7: true", SOON);
    MosquittoClients.pub(site, broker, "chat/outside", "hi");
    reader.awaitLine("^message chat/outside .*hi", SOON);
    reader.type("end");
    assertThat(reader.awaitLine("^closed", SOON)).startsWith("closed 100");
    Await.until("one is left", SOON, () -> metric(server, "spillway_mqtt_gateway_open") == 1);
    assertThat(metric(server, "spillway_mqtt_gateway_packets_total{from=\"browser\"}"))
        .isGreaterThan(10);
  }

  @ParameterizedTest(name = "version {0}")
  @Proof
  @ValueSource(ints = {3, 5})
  @DisplayName("carries every QoS, retained messages, a will and 200 KB")
  void carriesToo(int version) {
    carries(version);
  }

  @Test
  @DisplayName("carries what Python's paho sends")
  void paho() {
    Spillway server = server(site.mosquitto()).start();
    String script = Site.PROJECT.resolve("src/test/python/mqtt.py").toString();
    List<String> command =
        List.of("/usr/bin/python3", script, "" + server.port(), READER, "chat/paho");
    Proc client = site.own(Proc.start("paho", site.dir(), Map.of(), command));

    client.awaitLine("^granted \\[1\\]", SOON);
    client.awaitLine("^message chat/paho from paho", SOON);
    client.awaitLine("^disconnected 0", SOON);
  }

  @Test
  @DisplayName("answers what it cannot read, and lets nobody in for it")
  void unreadable() {
    Spillway server = server(site.mosquitto()).start();

    assertThat(refused(url(server.port()) + "?token=%zz", new JsonObject()))
        .startsWith("refused 400")
        .contains("query");
    assertThat(refused(server.wsUrl() + "?topics=%zz", new JsonObject())).contains(" 400 ");
    assertThat(Http.upgrade(url(server.port()) + "?token=" + READER))
        .as("without a subprotocol")
        .isEqualTo(400);
  }

  @Proof
  @Test
  @DisplayName("takes filters that no rule covers out of a SUBSCRIBE, in MQTT 3.1.1 and 5")
  void filters() {
    Spillway server = server(site.mosquitto()).start();
    Proc old = connected(server, 4);
    old.type("sub 1 secret chat/+ # news $SYS/#");
    assertThat(old.awaitLine("^granted", SOON)).isEqualTo("granted [128,1,128,1,128]");
    Proc five = connected(server, 5);
    five.type("sub 1 secret $share/g/chat/+ $share/g/#");
    assertThat(five.awaitLine("^granted", SOON)).isEqualTo("granted [135,1,135]");

    old.type("pub 1 chat/a hello");
    old.awaitLine("^message chat/a", SOON);
    five.awaitLine("^message chat/a", SOON);
    assertThat(metric(server, "spillway_mqtt_gateway_subscriptions_refused_total")).isEqualTo(5);
  }

  @Test
  @DisplayName("refuses a message that no rule covers: MQTT 5 by its code, 3.1.1 by closing")
  void topics() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Proc outside = MosquittoClients.sub(site, broker, "#");
    Proc five = connected(server, 5);
    five.type("pub 1 pws-packet/a bad");
    five.awaitLine("^published pws-packet/a 135", SOON);
    five.type("pub 2 pws-packet/a bad");
    five.awaitLine("^published pws-packet/a 135", SOON);
    five.type("pub 2 chat/a good");
    five.awaitLine("^published chat/a ok", SOON);
    five.type("pub 0 pws-packet/a bad");
    five.awaitLine("^disconnect 135", SOON);
    assertThat(five.awaitLine("^closed", SOON))
        .isEqualTo("closed 1008 server.mqtt.publish does not allow topic pws-packet/a");

    Proc old = connected(server, 4);
    old.type("pub 1 pws-packet/b bad");
    assertThat(old.awaitLine("^closed", SOON))
        .isEqualTo("closed 1008 server.mqtt.publish does not allow topic pws-packet/b");
    JsonObject will = new JsonObject().put("topic", "pws-packet/c").put("payload", "bad");
    Proc dying = client(server, new JsonObject().put("will", will));
    dying.awaitLine("^error 5 ", SOON);
    assertThat(dying.awaitLine("^closed", SOON)).contains("the will's topic pws-packet/c");

    outside.awaitLine("chat/a good", SOON);
    assertThat(outside.output()).doesNotContain("bad");
    assertThat(metric(server, "spillway_mqtt_gateway_publishes_refused_total")).isEqualTo(5);
  }

  @Test
  @DisplayName("lets in who has a live token, comes from an allowed page, and speaks mqtt")
  void access() throws Exception {
    Spillway server = server(site.mosquitto()).start();
    JsonObject none = new JsonObject();

    assertThat(refused(url(server.port()), none)).startsWith("refused 401").contains("live token");
    assertThat(refused(url(server.port()) + "?token=wrong-token-01234", none)).contains(" 401 ");
    assertThat(refused(url(server.port()) + "?token=" + Spillway.TOKEN, none))
        .as("the token of an edge")
        .contains(" 401 ");
    assertThat(refused(url(server.port()) + "?token=" + READER, protocols("spillway.v1")))
        .startsWith("refused 400")
        .contains("subprotocol mqtt");
    Proc old = client(server, protocols("mqttv3.1"));
    assertThat(old.awaitLine("^open", SOON)).isEqualTo("open mqttv3.1");
    Proc both = client(server, new JsonObject().put("protocols", JsonArray.of("x", "mqtt")));
    assertThat(both.awaitLine("^open", SOON)).isEqualTo("open mqtt");
    JsonObject foreign = new JsonObject().put("Origin", "http://evil.example");
    Proc page = client(server, new JsonObject().put("headers", foreign));
    assertThat(page.awaitLine("^closed", SOON)).isEqualTo("closed 1008 origin not allowed");
    Http.Answer plain = Http.get(server.httpUrl() + "/mqtt");
    assertThat(plain.status()).isEqualTo(426);
    JsonObject config =
        new JsonObject(Http.get(server.httpUrl() + "/config?token=" + READER).body());
    assertThat(config.getJsonObject("paths").getString("mqtt")).isEqualTo("/mqtt");
    assertThat(config.getJsonObject("mqtt").getBoolean("anonymous")).isFalse();
    assertThat(metric(server, "spillway_mqtt_gateway_refused_total{reason=\"token\"}"))
        .isEqualTo(3);
  }

  private static JsonObject protocols(String name) {
    return new JsonObject().put("protocols", JsonArray.of(name));
  }

  private String refused(String url, JsonObject settings) {
    return NodeScript.mqtt(site, url, settings).awaitLine("^refused", SOON);
  }

  @Test
  @DisplayName("is off without the section, and says which key turns it on")
  void off() throws Exception {
    Spillway server = Spillway.server(site).start();

    assertThat(refused(url(server.port()), new JsonObject())).contains(" 404 ", "server.mqtt.url");
    Http.Answer plain = Http.get(server.httpUrl() + "/mqtt");
    assertThat(plain.status()).isEqualTo(404);
    assertThat(plain.body()).contains("server.mqtt.url");
  }

  @Test
  @DisplayName("answers 502 while the broker is away, and works again when it is back")
  void brokerKilled() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).start();
    Proc reader = subscribed(server, 4, "1 chat/#");

    broker.proc().kill9();
    assertThat(reader.awaitLine("^closed", SOON))
        .isEqualTo("closed 1013 the broker closed the connection");
    assertThat(refused(url(server.port()) + "?token=" + READER, new JsonObject()))
        .contains(" 502 ", "the MQTT broker cannot be reached now");
    server.proc().awaitLine("\\[mqtt gateway\\] connection refused by 127.0.0.1", SOON);

    broker.start();
    Proc again = subscribed(server, 4, "1 chat/#");
    again.type("pub 1 chat/a back");
    again.awaitLine("^message chat/a .*back", SOON);
    server.proc().awaitLine("\\[mqtt gateway\\] works again", SOON);
  }

  @Test
  @Proof
  @DisplayName("closes a client that does not read with 4408, and others do not notice")
  void slowReader() {
    Mosquitto broker = new Mosquitto(site, "mosquitto").with("max_inflight_messages", "0").start();
    Spillway server = server(broker).set("server.mqtt.slowMs", 1_000).start();
    Proc deaf = subscribed(server, 4, "1 chat/#");
    Proc good = subscribed(server, 4, "1 chat/#");
    Proc writer = connected(server, 4);
    deaf.type("pause");

    for (int i = 0; i < 150; i++) {
      writer.type("pub 1 chat/" + i + " 200000B");
    }

    server.proc().awaitLine("is closed as too slow", SOON);
    good.awaitLine("^message chat/149 .*200000 bytes, all 7: true", SOON);
    Await.until("it is gone", SOON, () -> metric(server, "spillway_mqtt_gateway_open") == 2);
    assertThat(metric(server, "spillway_mqtt_gateway_closed_total{code=\"4408\"}")).isEqualTo(1);
    assertThat(good.lines().stream().filter(line -> line.startsWith("message"))).hasSize(150);
  }

  @Test
  @Proof
  @DisplayName("closes on text, on what is no MQTT, on a packet over the limit and on silence")
  void wrongBytes() {
    Spillway server =
        server(site.mosquitto())
            .set("server.mqtt.maxPacketBytes", 10_000)
            .set("server.mqtt.connectMs", 1_000)
            .start();
    Proc text = connected(server, 4);
    text.type("text hello");
    assertThat(text.awaitLine("^closed", SOON)).startsWith("closed 1003 text");
    Proc garbage = connected(server, 4);
    garbage.type("bytes 20020000");
    assertThat(garbage.awaitLine("^closed", SOON)).startsWith("closed 1002 not MQTT");
    Proc cut = connected(server, 4);
    cut.type("bytes 30ffffff"); // a length without an end, cut short, then what ends it
    cut.type("bytes ff01");
    assertThat(cut.awaitLine("^closed", SOON)).startsWith("closed 1002 not MQTT");
    Proc big = connected(server, 4);
    big.type("pub 1 chat/a 10000B");
    assertThat(big.awaitLine("^closed", SOON))
        .startsWith("closed 1009")
        .contains("server.mqtt.maxPacketBytes is 10000");
    Proc silent = client(server, new JsonObject().put("mute", true));
    assertThat(silent.awaitLine("^closed", SOON)).isEqualTo("closed 1008 no CONNECT within 1 s");
    Await.until("all gone", SOON, () -> metric(server, "spillway_mqtt_gateway_open") == 0);
  }

  @Test
  @Proof
  @DisplayName("answers others while four clients send pings as fast as they can, a frame for each")
  void pingFlood() throws Exception {
    Spillway server = server(site.mosquitto()).start();
    String path = "/mqtt?token=" + READER;
    byte[] connect = {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 0};
    byte[] ping = RawSocket.frame(new Random(1), 0x82, true, 2, 0, new byte[] {(byte) 0xc0, 0});
    ByteBuffer pings = ByteBuffer.allocate(8_000 * ping.length);
    while (pings.hasRemaining()) {
      pings.put(ping);
    }
    for (int i = 0; i < 4; i++) {
      RawSocket client =
          site.own(new RawSocket(server.port(), path, "Sec-WebSocket-Protocol: mqtt"));
      client.send(RawSocket.frame(new Random(2), 0x82, true, connect.length, 0, connect));
      Thread flood = new Thread(() -> floods(client, pings.array()));
      flood.setDaemon(true);
      flood.start();
    }
    Await.until(
        "100,000 pings have come",
        SOON,
        () -> metric(server, "spillway_mqtt_gateway_packets_total{from=\"browser\"}") > 100_000);
    long beganNs = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertThat(Http.get(server.httpUrl() + "/healthz").status()).isEqualTo(200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(10));
  }

  private static void floods(RawSocket client, byte[] bytes) {
    try {
      while (true) {
        client.send(bytes);
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  @Test
  @Proof
  @DisplayName("notices a client that is gone without a word")
  void halfOpen() {
    Spillway server =
        server(site.mosquitto())
            .set("server.mqtt.pingMs", 200)
            .set("server.mqtt.idleMs", 1_000)
            .start();
    Proc frozen = connected(server, 4);
    Proc awake = connected(server, 4);
    frozen.stop();

    Await.until("one is left", SOON, () -> metric(server, "spillway_mqtt_gateway_open") == 1);
    awake.type("pub 1 chat/a x");
    awake.awaitLine("^published chat/a ok", SOON);
    frozen.cont();
  }

  @Test
  @Proof
  @DisplayName("gives a packet in pieces its time, however long nothing was sent before")
  void piecesAfterQuiet() {
    Spillway server =
        server(site.mosquitto())
            .set("server.mqtt.pingMs", 200)
            .set("server.mqtt.idleMs", 4_000)
            .set("server.mqtt.connectMs", 5_000)
            .start();
    Proc quiet = connected(server, 4);
    Proc longer = client(server, new JsonObject().put("mute", true));
    longer.awaitLine("^closed", SOON);

    quiet.type("bytes 3009"); // a PUBLISH, of which the rest comes ...
    connected(server, 4);
    quiet.type("bytes 0006636861742f6178"); // ... when others were looked at
    quiet.type("pub 1 chat/a x");
    quiet.awaitLine("^published chat/a ok", SOON);
  }

  @Test
  @Proof
  @DisplayName("gives up on a broker that does not answer, and waits again when it does")
  void frozenBroker() {
    Mosquitto broker = site.mosquitto();
    Spillway server = server(broker).set("server.mqtt.connectMs", 500).start();
    broker.proc().stop();
    Proc client = client(server, new JsonObject());
    assertThat(client.awaitLine("^closed", SOON))
        .isEqualTo("closed 1013 the broker does not answer CONNECT");
    broker.proc().cont();
    connected(server, 4);
  }

  @Test
  @DisplayName("bounds its connections in all, and through nginx from one address")
  void limits() {
    Spillway server =
        server(site.mosquitto())
            .set("server.mqtt.maxConnections", 3)
            .set("server.trustedProxies", new JsonArray().add("127.0.0.1"))
            .set("server.limits", new JsonObject().put("connectionsPerIp", 1))
            .start();
    String nginx = url(new Nginx(site, server.port()).start().port()) + "?token=" + READER;
    JsonObject away =
        new JsonObject().put("headers", new JsonObject().put("X-Forwarded-For", "203.0.113.7"));
    Proc first = NodeScript.mqtt(site, nginx, away);
    first.awaitLine("^connected", SOON);

    assertThat(refused(nginx, away)).startsWith("refused 429");
    connected(server, 4);
    connected(server, 5);
    assertThat(refused(url(server.port()) + "?token=" + READER, new JsonObject()))
        .startsWith("refused 503")
        .contains("limit of 3 MQTT connections");
    first.type("abort");
    Await.until("there is room", SOON, () -> metric(server, "spillway_mqtt_gateway_open") == 2);
    connected(server, 4);
  }

  @Test
  @Proof
  @DisplayName("works over TLS on both sides, through nginx")
  void tls() {
    Certificates certificates = new Certificates(site.dir().resolve("tls"));
    int mqtts = FreePort.next();
    new Mosquitto(site, "mosquitto")
        .line("listener " + mqtts + " 127.0.0.1")
        .line("certfile " + certificates.certificate())
        .line("keyfile " + certificates.key())
        .start();
    Spillway server =
        server("mqtts://localhost:" + mqtts)
            .set("server.mqtt.caFile", certificates.authority().toString())
            .start();
    Nginx nginx = new Nginx(site, server.port()).tls(certificates).start();
    String wss = "wss://localhost:" + nginx.tlsPort() + "/mqtt?token=" + READER;
    JsonObject trust = new JsonObject().put("ca", certificates.authority().toString());
    Proc client = NodeScript.mqtt(site, wss, trust);
    client.awaitLine("^connected", SOON);
    client.type("sub 2 chat/#");
    client.awaitLine("^granted \\[2\\]", SOON);
    client.type("pub 2 chat/a 200000B");
    client.awaitLine("^message chat/a .*200000 bytes, all 7: true", SOON);

    server.set("server.mqtt.caFile", null).terminate();
    server.start();
    assertThat(refused(wss, trust)).startsWith("refused 502");
    server.proc().awaitLine("\\[mqtt gateway\\].*server\\.mqtt\\.caFile", SOON);
  }

  @Test
  @Proof
  @DisplayName("takes other rules and tokens while it runs, and lets nobody keep the old ones")
  void changed() {
    Spillway server = server(site.mosquitto()).start();
    Proc client = connected(server, 5);
    server.set("server.mqtt.publish", JsonArray.of("vote/#")).rewrite();
    assertThat(client.awaitLine("^closed", SOON))
        .isEqualTo("closed 1001 other topics are allowed now");
    Proc again = connected(server, 5);
    again.type("pub 1 vote/a x");
    again.awaitLine("^published vote/a ok", SOON);
    again.type("pub 1 chat/a x");
    again.awaitLine("^published chat/a 135", SOON);

    server.conf().getJsonObject("server").getJsonArray("tokens").remove(1);
    server.rewrite();
    assertThat(again.awaitLine("^closed", SOON)).isEqualTo("closed 1008 token revoked");
  }

  @Proof
  @Test
  @DisplayName("says goodbye to its clients when the server stops")
  void stop() {
    Spillway server = server(site.mosquitto()).start();
    Proc client = connected(server, 4);

    server.terminate();

    assertThat(client.awaitLine("^closed", SOON)).isEqualTo("closed 1001 the server is stopping");
  }

  @Test
  @DisplayName("is open in the demo for what its pages need, wherever the demo's broker is")
  void demo() {
    takePort(1883);
    int port = FreePort.next();
    Proc demo = Spillway.launch(site, "demo", Map.of("PORT", "" + port));
    demo.awaitLine("\\bstarted\\b", SOON);
    Proc page = NodeScript.mqtt(site, url(port), new JsonObject().put("protocolVersion", 5));
    page.awaitLine("^connected", SOON);
    page.type("sub 1 chat/# vote/# test/phone pws-packet/#");
    page.awaitLine("^granted \\[1,1,1,1\\]", SOON);

    for (String topic : List.of("chat/room", "vote/pizza", "test/phone")) {
      page.type("pub 1 " + topic + " hi");
      page.awaitLine("^message " + topic + " .*hi", SOON);
    }
    page.awaitLine("^message pws-packet/station-1/", SOON);
    page.type("pub 1 pws-packet/fake hi");
    page.awaitLine("^published pws-packet/fake 135", SOON);
  }

  private void takePort(int port) {
    try {
      site.own(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    } catch (IOException alreadyTaken) {
      // just as well
    }
  }
}
