package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Certificates;
import io.spillway.kit.FakeWebSocketServer;
import io.spillway.kit.FreePort;
import io.spillway.kit.Ledger;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Nginx;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.RawSocket;
import io.spillway.kit.RefusingBroker;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Trouble with a connection")
class TroubleIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EDGE = "spillway-edge";
  private static final String NOBODY = "mqtt://127.0.0.1:";

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("does not arise over TLS when the authority is named")
  void tls() {
    Certificates certificates = new Certificates(site.dir().resolve("tls"));
    int mqtts = FreePort.next();
    Mosquitto broker = tlsBroker(certificates, mqtts).start();
    Spillway server = Spillway.server(site).start();
    Nginx nginx = new Nginx(site, server.port()).tls(certificates).start();
    String wss = "wss://localhost:" + nginx.tlsPort() + "/ws";
    Spillway.edge(site, "mqtts://localhost:" + mqtts, wss)
        .set("edge.mqtt.caFile", certificates.authority().toString())
        .set("edge.uplink.caFile", certificates.authority().toString())
        .start();
    broker.awaitSubscriber(EDGE);

    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(200, 1000);
    publisher.awaitAcknowledged();
    server.stored().await("the last message", line -> line.contains(publisher.mark(199)));

    Ledger ledger = Ledger.of("TLS", publisher, server.stored().records());
    assertThat(ledger.stored()).isEqualTo(200);
    assertThat(ledger.sequenceFaults()).isEmpty();
  }

  @Test
  @DisplayName("is refused over TLS when the authority is unknown, and says which key cures it")
  void unknownAuthority() {
    Certificates certificates = new Certificates(site.dir().resolve("tls"));
    int mqtts = FreePort.next();
    tlsBroker(certificates, mqtts).start();
    Spillway server = Spillway.server(site).start();
    Nginx nginx = new Nginx(site, server.port()).tls(certificates).start();
    String wss = "wss://localhost:" + nginx.tlsPort() + "/ws";
    Spillway edge = Spillway.edge(site, "mqtts://localhost:" + mqtts, wss).start();

    assertThat(edge.proc().awaitLine("(?i)\\[mqtt\\].*(certificate|caFile)", SOON))
        .contains("edge.mqtt.caFile");
    assertThat(edge.proc().awaitLine("(?i)\\[uplink\\].*(certificate|caFile)", SOON))
        .contains("edge.uplink.caFile");
    assertThat(edge.proc().output()).doesNotContain("connected to", Spillway.TOKEN);
  }

  private Mosquitto tlsBroker(Certificates certificates, int port) {
    return new Mosquitto(site, "mosquitto")
        .line("listener " + port + " 127.0.0.1")
        .line("certfile " + certificates.certificate())
        .line("keyfile " + certificates.key());
  }

  @Test
  @DisplayName("does not arise with user and password; a wrong one is explained, and never shown")
  void userAndPassword() {
    Path passwords = site.dir().resolve("passwords");
    List<String> command =
        List.of("mosquitto_passwd", "-c", "-b", passwords + "", "me", "s3cret-pw");
    assertThat(Proc.run("passwd", site.dir(), Map.of(), command).exitCode()).isZero();
    Mosquitto broker =
        new Mosquitto(site, "mosquitto")
            .with("allow_anonymous", "false")
            .line("password_file " + passwords)
            .start();
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, broker, server)
            .set("edge.mqtt.username", "me")
            .set("edge.mqtt.password", "wrong-pw")
            .start();
    // Mosquitto answers wrong credentials to MQTT 3.1.1 clients with "not authorised".
    assertThat(edge.proc().awaitLine("(?i)\\[mqtt\\].*authori[sz]ed", SOON))
        .contains("edge.mqtt.password");
    edge.terminate();
    assertThat(edge.proc().output()).doesNotContain("wrong-pw");

    edge.set("edge.mqtt.password", "s3cret-pw").start();
    broker.awaitSubscriber(EDGE);
    MosquittoClients.pub(site, broker, "test/a", "{\"n\":1}", "-u", "me", "-P", "s3cret-pw");

    assertThat(server.stored().await("it", line -> line.contains("\"n\":1")).getString("_topic"))
        .isEqualTo("test/a");
    assertThat(edge.proc().output()).doesNotContain("s3cret-pw");
  }

  @ParameterizedTest(name = "with a broker that answers CONNECT with {0} is explained: {1}")
  @CsvSource({
    "1, (?i)MQTT 3.1.1",
    "2, (?i)(client ?id|identifier)",
    "3, (?i)unavailable",
    "4, (?i)(user|password|credentials)",
    "5, (?i)not authori[sz]ed"
  })
  void refusedConnection(int code, String words) {
    RefusingBroker broker = site.own(new RefusingBroker(code));
    Spillway edge = Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + FreePort.next());
    edge.launch();

    String line = edge.proc().awaitLine("\\[mqtt\\].*" + words, SOON);

    assertThat(line).contains("WARN").doesNotContain("Exception");
    assertThat(edge.proc().isAlive()).isTrue();
  }

  @Test
  @DisplayName("where the broker refuses the subscription is explained, with the topic")
  void refusedSubscription() {
    RefusingBroker broker = site.own(new RefusingBroker(0));
    Spillway edge = Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + FreePort.next());
    edge.launch();

    assertThat(edge.proc().awaitLine("(?i)\\[mqtt\\].*(refused|not authori[sz]ed)", SOON))
        .contains("test/#");
  }

  @Test
  @DisplayName("where nginx or a tunnel answers 502 says that nobody is behind it")
  void badGateway() {
    Nginx nginx = new Nginx(site, FreePort.next()).start();
    Spillway edge = edgeTo("ws://127.0.0.1:" + nginx.port() + "/ws");

    assertThat(edge.proc().awaitLine("\\[uplink\\].*502", SOON))
        .containsPattern("(?i)tunnel|behind|proxy");
  }

  @Test
  @DisplayName("that is refused names the key and the documented variable")
  void refused() {
    Spillway edge = edgeTo("ws://127.0.0.1:" + FreePort.next() + "/ws");

    assertThat(edge.proc().awaitLine("(?i)\\[uplink\\].*refused", SOON))
        .contains("edge.uplink.url", "WS_HOST");
  }

  @Test
  @DisplayName("because of a wrong token says so, without the token")
  void wrongToken() {
    Spillway server = Spillway.server(site).start();
    Spillway edge = Spillway.edge(site, NOBODY + FreePort.next(), server.wsUrl());
    edge.set("edge.uplink.token", "not-the-right-one").launch();

    assertThat(edge.proc().awaitLine("\\[uplink\\].*401", SOON)).contains("token", "INGEST_TOKEN");
    assertThat(edge.proc().output()).doesNotContain("not-the-right-one");
    assertThat(server.proc().output()).doesNotContain("not-the-right-one", Spillway.TOKEN);
  }

  @Test
  @DisplayName("that is cut (1006) is reported once, and all goes on by itself")
  void cut() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    TcpProxy link = site.own(new TcpProxy(server.port()));
    Spillway edge = Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + link.port() + "/ws");
    edge.start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a", "test/b");
    publisher.begin(200);
    server.stored().await("some", line -> line.contains(publisher.mark(50)));

    for (int cuts = 1; cuts <= 3; cuts++) {
      int from = edge.proc().lineCount();
      link.cut();
      edge.proc().awaitLine(from, "(?i)\\[uplink\\].*(1006|cut|lost|closed)", SOON);
      link.mend();
      edge.proc().awaitLine(from, "\\[uplink\\] connected", SOON);
    }
    publisher.end();
    publisher.awaitAcknowledged();
    String last = publisher.mark(publisher.sent() - 1);
    server.stored().await("the last message", line -> line.contains(last));

    Ledger ledger = Ledger.of("uplink cut 3 times", publisher, server.stored().records());
    ledger.report();
    assertThat(ledger.lost()).isEmpty();
    assertThat(ledger.duplicate()).isEmpty();
    assertThat(ledger.sequenceFaults()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("with a dead link, open but silent, is noticed, and all goes on by itself")
  void halfOpen() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    TcpProxy link = site.own(new TcpProxy(server.port()));
    Spillway edge = Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + link.port() + "/ws");
    edge.set("edge.uplink.pingMs", 1000).set("edge.uplink.pongTimeoutMs", 2000).start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(100, 1000);
    server.stored().await("some", line -> line.contains(publisher.mark(99)));

    int from = edge.proc().lineCount();
    link.freeze();
    publisher.publish(100, 1000);
    edge.proc().awaitLine(from, "(?i)\\[uplink\\].*(pong|silent|answer)", Duration.ofSeconds(20));
    link.thaw();
    publisher.publish(100, 1000);
    publisher.awaitAcknowledged();
    server.stored().await("the last message", line -> line.contains(publisher.mark(299)));

    Ledger ledger = Ledger.of("uplink half-open", publisher, server.stored().records());
    ledger.report();
    assertThat(ledger.lost()).isEmpty();
    assertThat(ledger.duplicate()).isEmpty();
    assertThat(ledger.disorder()).isEmpty();
  }

  @Test
  @Proof
  @DisplayName("to a server that sends pings, reads nothing and says no more takes no memory")
  void pings() throws IOException {
    Mosquitto broker = site.mosquitto();
    byte[] ping = RawSocket.frame(new Random(1), 0x89, false, 125, 0, new byte[125]);
    ByteBuffer pings = ByteBuffer.allocate(500 * ping.length);
    while (pings.hasRemaining()) {
      pings.put(ping);
    }
    FakeWebSocketServer server = site.own(new FakeWebSocketServer(pings.array()));
    Spillway edge =
        Spillway.edge(site, broker.url(), server.wsUrl())
            .jvm("-Xmx48m")
            .set("edge.uplink.ackTimeoutMs", 2_000)
            .start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(500, 500);

    Await.until("it connects a third time", SOON, () -> server.accepted() == 3);
    publisher.publish(100, 500);
    publisher.awaitAcknowledged();

    assertThat(edge.proc().output())
        .contains("no acknowledgement for 2000 ms")
        .doesNotContain("ERROR", "OutOfMemory");
  }

  @Test
  @DisplayName("with a topic that lost its # to a comment in .env is reported with the cure")
  void lostHash() throws IOException {
    Path dir = Files.createDirectories(site.dir().resolve("dotenv"));
    String text = "BROKER_URL=%s\nTOPIC=pws-packet/#\nWS_HOST=ws://127.0.0.1:%d\nINGEST_TOKEN=t\n";
    Files.writeString(
        dir.resolve(".env"), text.formatted(NOBODY + FreePort.next(), FreePort.next()));

    Proc edge = Spillway.launch(site, "dotenv", Map.of());

    assertThat(edge.awaitLine("TOPIC.*#", SOON)).containsPattern("(?i)quot|\"pws-packet/#\"");
  }

  private Spillway edgeTo(String wsUrl) {
    Spillway edge = Spillway.edge(site, NOBODY + FreePort.next(), wsUrl);
    edge.launch();
    return edge;
  }
}
