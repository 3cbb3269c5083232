package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.FreePort;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MosquittoClients;
import io.spillway.kit.Nginx;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("doctor")
class DoctorIT {
  private static final String EDGE = "spillway-edge";
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();

  /** What it has said, and its exit code. */
  private record Visit(Proc proc, JsonObject told) {
    int exitCode() {
      return proc.exitCode();
    }

    JsonObject hop(String name) {
      return told.getJsonArray("hops").stream()
          .map(JsonObject.class::cast)
          .filter(hop -> hop.getString("hop").equals(name))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + name + " in " + told.encodePrettily()));
    }

    String result(String name) {
      return hop(name).getString("result");
    }

    String words(String name) {
      return hop(name).getString("words");
    }

    String cure(String name) {
      return hop(name).getString("cure");
    }
  }

  private Visit visit(Spillway installation) {
    Proc proc = doctor(installation, "--json");
    String json =
        proc.lines().stream()
            .filter(line -> line.startsWith("{\"outcome\""))
            .findFirst()
            .orElseThrow(() -> new AssertionError(proc.output()));
    return new Visit(proc, new JsonObject(json));
  }

  private Proc doctor(Spillway installation, String... more) {
    installation.rewrite();
    List<String> arguments = new ArrayList<>(List.of("doctor", "-conf", "conf.json"));
    arguments.addAll(Arrays.asList(more));
    Proc proc =
        Proc.run(
            "doctor",
            installation.dir(),
            Map.of(),
            Spillway.command(arguments.toArray(String[]::new)));
    assertThat(proc.output()).doesNotContain(Spillway.TOKEN, "wrong-pw", "\tat ");
    return proc;
  }

  @Test
  @DisplayName("finds all well beside an edge and a server that run, and leaves no trace")
  void well() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Spillway edge = Spillway.edge(site, broker, server).start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a").begin(200);
    List<Path> before = files(edge.spoolDir());

    Visit atEdge = visit(edge);
    Visit atServer = visit(server);
    publisher.end();

    assertThat(atEdge.exitCode()).as(atEdge.proc().output()).isZero();
    assertThat(atEdge.told().getString("outcome")).isEqualTo("well");
    assertThat(atEdge.words("spool")).endsWith("in use by process " + edge.proc().pid());
    assertThat(atEdge.words("spool speed")).contains("4 KiB are safe after", "(20 times)");
    assertThat(atEdge.words("broker port")).contains("127.0.0.1:" + broker.port() + " in ");
    assertThat(atEdge.words("broker login")).contains(EDGE + "-doctor-");
    assertThat(atEdge.words("topics")).isEqualTo("QoS 1 granted for test/#");
    assertThat(atEdge.words("messages")).isEqualTo("come for test/#");
    assertThat(atEdge.words("identifiers")).startsWith("rising: 1, 2, 3, 4, 5, 6 over 3");
    assertThat(atEdge.words("server answer")).isEqualTo("a Spillway server");
    assertThat(atEdge.words("upgrade and token")).contains("the token is taken");
    assertThat(atEdge.words("acknowledgements")).startsWith("acknowledged");
    assertThat(atEdge.words("round trip")).contains("(5 pings)");
    assertThat(atEdge.words("proxy")).startsWith("none is seen");
    assertThat(atServer.exitCode()).as(atServer.proc().output()).isZero();
    assertThat(atServer.words("data")).endsWith("in use by process " + server.proc().pid());
    assertThat(atServer.words("own port")).contains("process " + server.proc().pid() + " listens");

    publisher.awaitAcknowledged();
    assertThat(files(edge.spoolDir())).containsAll(before).noneMatch(DoctorIT::isOwn);
    assertThat(files(server.dataDir())).noneMatch(DoctorIT::isOwn);
    assertThat(server.metric("spillway_ingest_edges")).isEqualTo(1);
    assertThat(edge.proc().output()).doesNotContain("closed the connection", "cut without");
    assertThat(broker.proc().output()).contains(EDGE + "-doctor-");
    String last = "last-of-all";
    MosquittoClients.pub(site, broker, "test/b", "{\"n\":\"" + last + "\"}");
    server.stored().await(last, line -> line.contains(last));
    assertThat(server.stored().records()).noneMatch(record -> record.encode().contains("doctor"));
  }

  private static boolean isOwn(Path file) {
    return file.getFileName().toString().startsWith("doctor");
  }

  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.filter(file -> !file.toString().endsWith(".tmp") || isOwn(file)).toList();
    }
  }

  @Test
  @DisplayName("writes a line a hop as text, with what to do below it")
  void text() {
    Spillway edge = Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), away());
    Proc proc = doctor(edge);
    assertThat(proc.exitCode()).isEqualTo(1);
    assertThat(proc.output())
        .containsPattern("(?m)^(\\S+) broker port +connection refused by 127.0.0.1:\\d+$")
        .containsPattern("(?m)^    \\S+ is the broker running, and is edge.mqtt.url")
        .containsPattern("(?m)^\\S+ topics +not looked at: needs broker login$")
        .containsPattern("(?m)^2 failed, .*\\d+\\.\\d s\\)$");
  }

  private static String away() {
    return "ws://127.0.0.1:" + FreePort.next() + "/ws";
  }

  @Proof
  @Test
  @DisplayName("says which password is to be looked at, and shows none")
  void wrongPassword() {
    Path passwords = site.dir().resolve("passwords");
    List<String> command =
        List.of("mosquitto_passwd", "-c", "-b", passwords + "", "me", "s3cret-pw");
    assertThat(Proc.run("passwd", site.dir(), Map.of(), command).exitCode()).isZero();
    Mosquitto broker =
        new Mosquitto(site, "mosquitto")
            .with("allow_anonymous", "false")
            .line("password_file " + passwords)
            .start();
    Spillway edge =
        Spillway.edge(site, broker.url(), away())
            .set("edge.mqtt.username", "me")
            .set("edge.mqtt.password", "wrong-pw");

    Visit refused = visit(edge);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.result("broker login")).isEqualTo("failed");
    assertThat(refused.cure("broker login")).contains("edge.mqtt.password");
    assertThat(refused.words("topics")).isEqualTo("not looked at: needs broker login");

    Visit right = visit(edge.set("edge.mqtt.password", "s3cret-pw"));
    assertThat(right.result("broker login")).isEqualTo("ok");
    assertThat(right.proc().output()).doesNotContain("s3cret-pw");
  }

  @Test
  @DisplayName("does not take what a Mosquitto grants for what its rules let through")
  void heldBackTopic() throws IOException {
    Path rules = Files.writeString(site.dir().resolve("acl"), "topic open/#\n");
    Mosquitto broker = new Mosquitto(site, "mosquitto").line("acl_file " + rules).start();
    Publisher publisher = site.publisher(broker, "open/a").begin(100);
    Visit visit =
        visit(
            Spillway.edge(site, broker.url(), away())
                .set("edge.mqtt.topics", new JsonArray().add("open/#").add("closed/#")));
    publisher.end();
    assertThat(visit.words("topics")).isEqualTo("QoS 1 granted for open/#, closed/#");
    assertThat(visit.result("messages")).isEqualTo("skipped");
    assertThat(visit.words("messages")).contains("not known", "closed/#").doesNotContain("open/#");
    assertThat(visit.cure("messages")).contains("publish one there", "acl_file");
    assertThat(visit.result("identifiers")).isEqualTo("skipped");
    assertThat(visit.words("identifiers")).contains("not known", "spillway/doctor/");
    assertThat(visit.cure("identifiers")).startsWith("let this user read and write");
  }

  @Proof
  @Test
  @DisplayName("tells of a QoS that is lower than it was asked for")
  void lowerQos() {
    Mosquitto none = new Mosquitto(site, "none").line("max_qos 0").start();
    Visit lost = visit(Spillway.edge(site, none.url(), away()));
    assertThat(lost.result("topics")).isEqualTo("failed");
    assertThat(lost.words("topics")).contains("QoS 0 granted for test/# where 1 was asked for");
    assertThat(lost.cure("topics")).contains("max_qos");
    assertThat(lost.words("identifiers")).isEqualTo("not looked at: needs topics");

    Mosquitto one = new Mosquitto(site, "one").line("max_qos 1").start();
    Visit twice = visit(Spillway.edge(site, one.url(), away()).set("edge.mqtt.qos", 2));
    assertThat(twice.result("topics")).isEqualTo("notice");
  }

  @Proof
  @Test
  @DisplayName("publishes nothing that an edge would store")
  void ownTopic() {
    Mosquitto broker = site.mosquitto();
    Visit visit =
        visit(
            Spillway.edge(site, broker.url(), away())
                .set("edge.mqtt.topics", new JsonArray().add("#")));
    assertThat(visit.words("identifiers")).contains("rising, as those of a Mosquitto", "not seen");
    assertThat(broker.proc().output()).doesNotContain("spillway/doctor/");
  }

  @Proof
  @Test
  @DisplayName("says that the server wants another token, or that nobody is there")
  void server() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, broker, server).set("edge.uplink.token", "a-wrong-token-0123456789");
    Visit wrong = visit(edge);
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.result("upgrade and token")).isEqualTo("failed");
    assertThat(wrong.words("upgrade and token")).contains("HTTP 401", "token");
    assertThat(wrong.cure("upgrade and token")).contains("INGEST_TOKEN");
    assertThat(wrong.proc().output()).doesNotContain("a-wrong-token");
    assertThat(wrong.result("round trip")).isEqualTo("skipped");

    server.kill9();
    Visit nobody = visit(edge);
    assertThat(nobody.result("server port")).isEqualTo("failed");
    assertThat(nobody.words("server port")).contains("refused");
    assertThat(nobody.words("upgrade and token")).isEqualTo("not looked at: needs server port");
  }

  @Test
  @DisplayName("asks a server whose address is of IPv6")
  void ipv6() {
    Spillway server = Spillway.server(site).start();
    String url = "ws://[::1]:" + server.port() + "/ws";
    Visit visit = visit(Spillway.edge(site, "mqtt://[::1]:" + FreePort.next(), url));
    assertThat(visit.words("broker port")).contains("refused by [::1]:");
    assertThat(visit.words("server answer")).isEqualTo("a Spillway server");
    assertThat(visit.words("acknowledgements")).startsWith("acknowledged");
  }

  @Proof
  @Test
  @DisplayName("tells a server that cannot acknowledge, and its token, from one that can")
  void plain() throws IOException {
    Mosquitto broker = site.mosquitto();
    int port = FreePort.next();
    Path out = Files.createDirectories(site.dir().resolve("out"));
    NodeScript.server(site, port, out, Spillway.TOKEN);
    String url = "ws://127.0.0.1:" + port + "/ws";

    Visit plain = visit(Spillway.edge(site, broker.url(), url));
    assertThat(plain.exitCode()).as(plain.proc().output()).isEqualTo(3);
    assertThat(plain.words("server answer")).contains("does not say that it is Spillway");
    assertThat(plain.result("server clock")).isEqualTo("ok");
    assertThat(plain.result("acknowledgements")).isEqualTo("notice");
    assertThat(plain.result("round trip")).isEqualTo("ok");
    assertThat(plain.result("proxy")).isEqualTo("skipped");

    Visit asked =
        visit(Spillway.edge(site, broker.url(), url).set("edge.uplink.mode", "acknowledged"));
    assertThat(asked.exitCode()).isEqualTo(1);
    assertThat(asked.words("upgrade and token")).contains("does not speak spillway.v1");

    Visit wrong =
        visit(Spillway.edge(site, broker.url(), url).set("edge.uplink.token", "wrong-0123456789"));
    assertThat(wrong.result("upgrade and token")).isEqualTo("failed");
    assertThat(wrong.words("upgrade and token")).contains("right after the upgrade");
    assertThat(wrong.cure("upgrade and token")).contains("edge.uplink.token");
  }

  @Test
  @DisplayName(
      "finds the proxy that takes Sec-WebSocket-Protocol away, and none in one that does not")
  void proxy() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Nginx nginx = new Nginx(site, server.port()).start();
    String url = "ws://127.0.0.1:" + nginx.port() + "/ws";
    Visit good = visit(Spillway.edge(site, broker.url(), url));
    assertThat(good.result("acknowledgements")).isEqualTo("ok");
    assertThat(good.words("proxy")).contains("nginx", "strips nothing");
    nginx.proc().term().awaitExit(SOON);

    Nginx stripping =
        new Nginx(site, server.port())
            .replace(
                "location /ws {", "location /ws { proxy_set_header Sec-WebSocket-Protocol \"\";")
            .start();
    String through = "ws://127.0.0.1:" + stripping.port() + "/ws";
    Visit visit = visit(Spillway.edge(site, broker.url(), through));
    assertThat(visit.exitCode()).isEqualTo(1);
    assertThat(visit.result("acknowledgements")).isEqualTo("failed");
    assertThat(visit.result("proxy")).isEqualTo("failed");
    assertThat(visit.words("proxy")).contains("nginx", "Sec-WebSocket-Protocol");
    assertThat(visit.cure("proxy")).contains("proxy_set_header");

    Visit strict =
        visit(Spillway.edge(site, broker.url(), through).set("edge.uplink.mode", "acknowledged"));
    assertThat(strict.words("upgrade and token")).contains("does not speak spillway.v1");
    assertThat(strict.result("proxy")).isEqualTo("failed");
  }

  @Proof
  @Test
  @DisplayName("tells a proxy that takes Upgrade away from a path that is wrong")
  void withoutUpgrade() {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).start();
    Nginx nginx =
        new Nginx(site, server.port()).replace("proxy_set_header Upgrade $http_upgrade;", "");
    String url = "ws://127.0.0.1:" + nginx.start().port() + "/ws";
    Visit stripped = visit(Spillway.edge(site, broker.url(), url));
    assertThat(stripped.result("upgrade and token")).isEqualTo("failed");
    assertThat(stripped.cure("upgrade and token")).contains("strips, below");
    assertThat(stripped.words("proxy")).contains("nginx", "takes Upgrade away");
    assertThat(stripped.cure("proxy")).contains("proxy_set_header Upgrade");

    Visit path = visit(Spillway.edge(site, broker.url(), server.wsUrl() + "x"));
    assertThat(path.words("upgrade and token")).contains("no WebSocket at the path");
    assertThat(path.result("proxy")).isEqualTo("skipped");
  }

  @Test
  @DisplayName("tells whose the server's port is, where it is not the server's")
  void takenPort() {
    Spillway server = Spillway.server(site).start();
    Visit visit = visit(Spillway.of(site, "other", server.conf().copy()));
    assertThat(visit.exitCode()).isEqualTo(1);
    assertThat(visit.words("own port")).contains("by process " + server.proc().pid());
    assertThat(visit.cure("own port")).contains("server.port (WS_PORT, PORT)");
    assertThat(visit.words("data")).contains("is made at the first start");
    assertThat(visit.words("own tokens")).startsWith("for writing 1 tokens");
  }

  @Test
  @DisplayName("does not blame a server that is to run in the same process, and does not run yet")
  void notStarted() {
    Mosquitto broker = site.mosquitto();
    int port = FreePort.next();
    String url = "ws://127.0.0.1:" + port + "/ws";
    Visit visit = visit(Spillway.edgeAndServer(site, broker.url(), url, port));
    assertThat(visit.exitCode()).as(visit.proc().output()).isEqualTo(3);
    assertThat(visit.result("server port")).isEqualTo("skipped");
    assertThat(visit.words("server port")).contains("this configuration's own");
    assertThat(visit.words("own port")).contains("is free");
    assertThat(visit.words("spool")).contains("is made at the first start");
  }

  @Test
  @DisplayName("names what is wrong with the configuration, and what is allowed")
  void configuration() {
    Spillway edge = Spillway.edge(site, "mqtt://127.0.0.1:1", away()).set("edge.mqtt.qos", 7);
    Visit visit = visit(edge);
    assertThat(visit.exitCode()).isEqualTo(1);
    assertThat(visit.words("configuration")).contains("edge.mqtt.qos");
    assertThat(visit.cure("configuration")).startsWith("allowed:");
  }
}
