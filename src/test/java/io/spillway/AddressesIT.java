package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Certificates;
import io.spillway.kit.FreePort;
import io.spillway.kit.Influx;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Nginx;
import io.spillway.kit.PlainSender;
import io.spillway.kit.Postgres;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Rabbit;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * With a hosts file of their own, the processes here know {@code localhost} by three addresses, and
 * behind a {@link TcpProxy} their servers listen on the last one alone.
 */
@DisplayName("A name with several addresses")
class AddressesIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();

  private String knowsThree;
  private Certificates certificates;

  @BeforeEach
  void hosts() throws IOException {
    Path hosts = site.dir().resolve("hosts");
    Files.writeString(hosts, "127.0.0.2 localhost\n::1 localhost\n127.0.0.1 localhost\n");
    knowsThree = "-Djdk.net.hosts.file=" + hosts;
    certificates = new Certificates(site.dir().resolve("tls"));
  }

  @Test
  @DisplayName("leads an edge to its broker and its server over TLS, whichever address they have")
  void edge() {
    int mqtts = FreePort.next();
    Mosquitto broker = tlsBroker(mqtts);
    Spillway server = Spillway.server(site).start();
    Nginx nginx = new Nginx(site, server.port()).tls(certificates).start();
    TcpProxy wss = site.own(new TcpProxy(nginx.tlsPort()));
    Spillway edge = edge(mqtts, wss.port());
    edge.set("edge.mqtt.caFile", certificates.authority().toString())
        .set("edge.uplink.caFile", certificates.authority().toString())
        .start();
    broker.awaitSubscriber("spillway-edge");

    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(10, 1000);
    server.stored().await("the last message", line -> line.contains(publisher.mark(9)));
  }

  @Proof
  @Test
  @DisplayName("does not hide what is wrong with the certificate at one of them")
  void certificateFault() {
    int mqtts = FreePort.next();
    tlsBroker(mqtts);
    Nginx nginx = new Nginx(site, Spillway.server(site).start().port()).tls(certificates).start();
    TcpProxy wss = site.own(new TcpProxy(nginx.tlsPort()));
    Spillway edge = edge(mqtts, wss.port()).start();

    assertThat(edge.proc().awaitLine("\\[mqtt\\].*TLS", SOON)).contains("edge.mqtt.caFile");
    assertThat(edge.proc().awaitLine("\\[uplink\\].*TLS", SOON)).contains("edge.uplink.caFile");
  }

  @Test
  @DisplayName("leads a server to its databases, over TLS, whichever address they have")
  void sinks() throws Exception {
    Postgres postgres = new Postgres(site).tls(certificates).startWithDatabase();
    Influx influx = new Influx(site).tls(certificates).start().createDatabase("weather");
    Spillway server =
        Spillway.server(site)
            .jvm(knowsThree)
            .set("sinks.postgres.url", proxied(postgres.url("localhost")))
            .set("sinks.postgres.password", Postgres.PASSWORD)
            .set("sinks.postgres.tls", "verify-full")
            .set("sinks.postgres.caFile", certificates.authority().toString())
            .set("sinks.influx.url", proxied(influx.url().replace("127.0.0.1", "localhost")))
            .set("sinks.influx.database", "weather")
            .set("sinks.influx.caFile", certificates.authority().toString())
            .start();
    PlainSender.send(server, "{\"n\":1}");

    Await.until(
        "a row",
        SOON,
        () ->
            postgres.number("SELECT count(to_regclass('records'))") == 1
                && postgres.number("SELECT count(*) FROM records") == 1);
    Await.until("a point", SOON, () -> !influx.query("weather", "SELECT n FROM records").isEmpty());
  }

  @Test
  @Proof
  @DisplayName("leads a server to RabbitMQ over TLS, whichever address it has")
  void rabbit() {
    Rabbit rabbit = new Rabbit(site).start();
    Spillway server =
        Spillway.server(site)
            .jvm(knowsThree)
            .set("rabbitmq.url", proxied(rabbit.tlsUrl("localhost")))
            .set("rabbitmq.caFile", rabbit.certificates().authority().toString())
            .start();
    server.proc().awaitLine("\\[rabbit\\].*consuming", SOON);
  }

  /** The same URL with a port that only 127.0.0.1 has. */
  private String proxied(String url) {
    int port = URI.create(url).getPort();
    return url.replace(":" + port, ":" + site.own(new TcpProxy(port)).port());
  }

  private Mosquitto tlsBroker(int port) {
    return new Mosquitto(site, "mosquitto-tls")
        .line("listener " + port + " 127.0.0.1")
        .line("certfile " + certificates.certificate())
        .line("keyfile " + certificates.key())
        .start();
  }

  private Spillway edge(int mqtts, int wss) {
    String mqttUrl = "mqtts://localhost:" + mqtts;
    return Spillway.edge(site, mqttUrl, "wss://localhost:" + wss + "/ws").jvm(knowsThree);
  }
}
