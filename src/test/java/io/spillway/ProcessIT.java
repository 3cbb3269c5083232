package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.MqttTap;
import io.spillway.kit.Ndjson;
import io.spillway.kit.PlainSender;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The process")
class ProcessIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EDGE = "spillway-edge";
  private static final int STOPPED_BY_SIGTERM = 143;

  @RegisterExtension final Site site = new Site();

  private Proc run(String... arguments) {
    Proc proc = Spillway.launch(site, "run", Map.of(), arguments);
    proc.awaitExit(SOON);
    return proc;
  }

  private Path write(String name, String text) throws IOException {
    Path file = Files.createDirectories(site.dir().resolve("run")).resolve(name);
    return Files.writeString(file, text);
  }

  @Test
  @DisplayName("tells its version and how to use it")
  void versionAndHelp() {
    Proc version = run("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.output()).containsPattern("\\d+\\.\\d+\\.\\d+");
    Proc help = run("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).contains("-conf", "-cluster", "-cluster-host", "verify", "doctor");
    assertThat(run("--nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  @DisplayName("ends with 1 and one line when the configuration file is missing")
  void missingConfiguration() {
    Proc proc = run("-conf", "not-there.json");

    assertThat(proc.exitCode()).isEqualTo(1);
    assertThat(proc.lines()).hasSize(1);
    assertThat(proc.output()).contains("not-there.json");
  }

  @ParameterizedTest(name = "ends with 1 and one line on {0}, naming {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"server\":{\"port\":3006; broken.json",
        "[]; broken.json",
        "''; broken.json",
        "{\"server\":{\"host\":\"127.0.0.1\",\"prot\":3006}}; server.prot",
        "{\"server\":{\"port\":\"3006\"}}; server.port",
        "{\"server\":{\"port\":99999}}; server.port",
        "{\"edge\":{\"uplink\":{\"url\":\"http://x/\"}}}; edge.uplink.url",
        "{\"edge\":{\"mqtt\":{\"topics\":[\"a/#/b\"]}}}; edge.mqtt.topics",
        "{\"edge\":{\"uplink\":{\"token\":{\"env\":\"NOT_SET_ANYWHERE\"}}}}; NOT_SET_ANYWHERE"
      })
  void brokenConfiguration(String json, String named) throws IOException {
    write("broken.json", json);

    Proc proc = run("-conf", "broken.json");

    assertThat(proc.exitCode()).isEqualTo(1);
    assertThat(proc.lines()).as(proc.output()).hasSize(1);
    assertThat(proc.output()).contains(named);
  }

  @Test
  @DisplayName("shows what is really used, one [CFG] line a role, and no secret")
  void maskedSummary() throws IOException {
    Path file = write("secret", "from-a-file-0123456789\n");
    JsonArray tokens = new JsonArray();
    for (Object secret :
        List.of(
            "in-the-text-0123456789",
            new JsonObject().put("env", "A_SECRET"),
            new JsonObject().put("file", file.toString()))) {
      JsonObject token = new JsonObject().put("name", "t" + tokens.size()).put("role", "ingest");
      tokens.add(token.put("secret", secret));
    }
    Spillway server =
        Spillway.server(site)
            .set("server.tokens", tokens)
            .env("A_SECRET", "from-the-environment-0123")
            .start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), server.wsUrl())
            .set("edge.uplink.token", new JsonObject().put("file", file.toString()))
            .set("edge.mqtt.username", "me")
            .set("edge.mqtt.password", "mqtt-password-0123")
            .start();
    edge.proc().awaitLine("\\[uplink\\] connected", SOON);

    assertThat(edge.proc().output()).contains("[CFG]", "edge", "***", "test/#");
    assertThat(server.proc().output()).contains("[CFG]", "server", "***", "" + server.port());
    String all = edge.proc().output() + server.proc().output();
    assertThat(all)
        .doesNotContain(
            "in-the-text-0123456789",
            "from-a-file-0123456789",
            "from-the-environment-0123",
            "mqtt-password-0123");
  }

  @Test
  @Proof
  @DisplayName("writes nothing but JSON with log.format json, and another level while it runs")
  void jsonLog() {
    Spillway server = Spillway.server(site).set("log.format", "json").start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), server.wsUrl()).start();
    edge.proc().awaitLine("\\[uplink\\] connected", SOON);

    server.set("log.level", "warn").rewrite();
    server.proc().awaitLine("\\[CFG\\] changed: log", SOON);
    int before = server.proc().lineCount();
    edge.crash().proc().awaitLine("\\[uplink\\] connected", SOON);
    // A warning, which comes when the rest of the change has been taken.
    server.set("log.level", "info").set("log.format", "text").set("server.stalledMs", 20_000);
    server.rewrite().proc().awaitLine(before, "^2\\S+ WARN  \\[CFG\\] read at the next", SOON);
    int after = server.proc().lineCount();
    edge.crash();
    server.proc().awaitLine(after, "^2\\S+ INFO  \\[server\\] edge .* connected", SOON);

    assertThat(server.proc().lines().subList(before, after))
        .noneMatch(line -> line.contains("connected"));
    assertThat(server.proc().lines().subList(0, before))
        .allSatisfy(
            line -> {
              JsonObject event = new JsonObject(line);
              assertThat(event.getString("level")).isIn("INFO", "WARN");
              assertThat(event.getString("formattedMessage")).isNotBlank();
            });
  }

  @Test
  @DisplayName("tells systemd's journal the priority of each line, and nobody else")
  void journalPriorities() throws IOException {
    write("edge.json", "{\"edge\":{\"mqtt\":{\"url\":\"mqtt://127.0.0.1:1\"}}}");
    List<String> jar = Spillway.command("-conf", "edge.json");
    List<String> service = new ArrayList<>(List.of("sh", "-c"));
    // As systemd does: the device and the inode of the stream that it has connected.
    service.add("JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$@\"");
    service.add("sh");
    service.addAll(jar);
    Path dir = site.dir().resolve("run");
    Proc inService = site.own(Proc.start("service", dir, Map.of(), service));
    inService.awaitLine("^<4>2\\S+ WARN .*refused by 127.0.0.1:1;", SOON);
    assertThat(inService.lines()).allMatch(line -> line.matches("<[346]>2.*"));
    inService.term().awaitExit(SOON);

    Proc elsewhere = site.own(Proc.start("elsewhere", dir, Map.of("JOURNAL_STREAM", "1:2"), jar));
    elsewhere.awaitLine("^2\\S+ WARN .*refused by 127.0.0.1:1;", SOON);
    assertThat(elsewhere.lines()).noneMatch(line -> line.startsWith("<"));
  }

  @Proof
  @Test
  @DisplayName("starts, works and ends on SIGTERM where nobody reads what it prints")
  void logNotRead() {
    Spillway server = Spillway.server(site);
    server.rewrite();
    // A pipe that is full before the first line, and somebody who holds it open and does not read.
    String unread =
        "mkfifo log && { sleep 120 < log > /dev/null 2>&1 & }"
            + " && head -c 65536 /dev/zero > log && exec \"$@\" > log 2>&1";
    List<String> command = new ArrayList<>(List.of("sh", "-c", unread, "sh"));
    command.addAll(Spillway.command("-conf", "conf.json"));
    Path dir = server.dataDir().getParent();
    Proc proc = site.own(Proc.start("unread", dir, Map.of(), command));

    Await.until("it answers", SOON, () -> Http.get(server.httpUrl() + "/healthz").status() == 200);
    PlainSender.send(server, "{\"n\":1}");
    proc.term();

    assertThat(proc.awaitExit(Duration.ofSeconds(20))).isEqualTo(STOPPED_BY_SIGTERM);
    assertThat(server.stored().sentLines()).containsExactly("{\"n\":1}");
  }

  @Test
  @DisplayName("starts with the classes of an archive that was made on this machine")
  void classArchive() {
    List<String> command = new ArrayList<>(Spillway.command("--version"));
    assertThat(command).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="));
    command.addAll(1, List.of("-Xshare:on", "-Xlog:class+load"));

    Proc proc = Proc.run("shared", site.dir(), Map.of(), command);

    assertThat(proc.exitCode()).as(proc.output()).isZero();
    assertThat(proc.output())
        .containsPattern("io\\.spillway\\.Main source: shared objects file \\(top\\)");
  }

  @Test
  @DisplayName("drains on SIGTERM: what the edge has acknowledged is at the server; ends with 143")
  void drains() {
    Mosquitto broker = new Mosquitto(site, "mosquitto").with("autosave_interval", "1000").start();
    MqttTap tap = site.own(new MqttTap(broker));
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, tap.url(), server.wsUrl()).set("edge.batch.intervalMs", 2000).start();
    broker.awaitSubscriber(EDGE);
    edge.proc().awaitLine("\\[uplink\\] connected", SOON);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.begin(1000);
    Await.until("some are taken", SOON, () -> tap.acknowledged().size() > 450);

    int code = edge.terminate();
    publisher.end();

    assertThat(code).isEqualTo(STOPPED_BY_SIGTERM);
    Set<String> taken = new HashSet<>(tap.acknowledged());
    assertThat(taken).hasSizeGreaterThan(400);
    server.stored().records().forEach(record -> taken.remove(record.getString("id")));
    assertThat(taken).isEmpty();
    assertThat(server.terminate()).isEqualTo(STOPPED_BY_SIGTERM);
    assertThat(server.proc().output()).doesNotContain("ERROR").doesNotContain("Exception");
  }

  @Test
  @Proof
  @DisplayName("does not wait for ever on SIGTERM when the server is away")
  void stopsWithoutServer() {
    Mosquitto broker = site.mosquitto();
    Spillway edge = Spillway.edge(site, broker.url(), "ws://127.0.0.1:" + FreePort.next()).start();
    broker.awaitSubscriber(EDGE);
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(100, 1000);
    publisher.awaitAcknowledged();

    edge.proc().term();

    assertThat(edge.proc().awaitExit(Duration.ofSeconds(30))).isEqualTo(STOPPED_BY_SIGTERM);
  }

  @Test
  @DisplayName("tells the edge that the server stops (1001) before it ends")
  void saysGoodBye() {
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), server.wsUrl()).start();
    edge.proc().awaitLine("\\[uplink\\] connected", SOON);

    assertThat(server.terminate()).isEqualTo(STOPPED_BY_SIGTERM);
    assertThat(edge.proc().awaitLine("(?i)\\[uplink\\].*(1001|stopp)", SOON)).isNotBlank();
  }

  @Test
  @DisplayName("is refused, with a clear line, on a directory that another one uses")
  void locked() {
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, "mqtt://127.0.0.1:" + FreePort.next(), server.wsUrl()).start();
    Spillway sameData =
        Spillway.of(site, "server2", server.conf().copy())
            .set("server.port", FreePort.next())
            .set("server.journal.dir", server.dataDir().toString());
    Spillway sameSpool =
        Spillway.of(site, "edge2", edge.conf().copy())
            .set("edge.spool.dir", edge.spoolDir().toString());

    for (Spillway second : List.of(sameData, sameSpool)) {
      Proc proc = second.launch();
      assertThat(proc.awaitExit(SOON)).isEqualTo(1);
      String line = proc.awaitLine("ERROR.*(in use|already|another)", SOON);
      assertThat(line).containsPattern("server/data|edge/spool");
    }
    assertThat(server.proc().isAlive()).isTrue();
    assertThat(edge.proc().isAlive()).isTrue();
  }

  @Test
  @Proof
  @DisplayName("keeps its files, and all that is in them, where digits are not those of ASCII")
  void otherDigits() throws IOException {
    Spillway server =
        Spillway.server(site)
            .jvm("-Duser.language=ar")
            .jvm("-Duser.country=EG")
            .set("server.journal.segmentBytes", 4_096)
            .start();
    PlainSender.send(server, numbered(0, 100));
    PlainSender.send(server, numbered(100, 200));
    server.terminate();
    server.start();
    PlainSender.send(server, numbered(200, 300));

    assertThat(server.stored().records())
        .extracting(record -> record.getInteger("n"))
        .containsExactlyElementsOf(IntStream.range(0, 300).boxed().toList());
    try (Stream<Path> files = Files.list(server.dataDir())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("ingest-00000000000000000001.ndjson.gz")
          .allMatch(name -> name.matches("\\p{ASCII}+"));
    }
    assertThat(Spillway.verify(site, server.dataDir()).awaitExit(SOON)).isZero();
    assertThat(server.proc().output()).contains(" goes on at offset 201, ");
  }

  private static String[] numbered(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> "{\"n\":" + n + ",\"text\":\"" + "x".repeat(60) + "\"}")
        .toArray(String[]::new);
  }

  @Test
  @DisplayName("says which port is taken when it cannot listen, and ends with 1")
  void portTaken() {
    Spillway server = Spillway.server(site).start();
    Spillway other = Spillway.of(site, "other", server.conf().copy());

    Proc proc = other.launch();

    assertThat(proc.awaitExit(SOON)).isEqualTo(1);
    assertThat(proc.awaitLine("ERROR.*in use", SOON)).contains("" + server.port());
  }

  @Test
  @DisplayName("without -conf is the demo, and fills data/ingest.ndjson")
  void demo() {
    Site.needsRoot();
    // In a network of its own, where no server of this machine can have the well-known ports.
    Path dir = site.dir().resolve("demo");
    List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c"));
    command.addAll(List.of("ip link set lo up && exec \"$@\"", "sh"));
    command.addAll(Spillway.command());
    Proc demo = site.own(Proc.start("demo", dir, Map.of(), command));
    Ndjson stored = new Ndjson(dir.resolve("data"));
    stored.await("a weather record", line -> line.contains("\"_topic\":\"pws-packet/"));
    stored.await("an event", line -> line.contains("\"type\":\"tour.availability.low\""));
    demo.awaitLine("received [1-9].*acknowledged [1-9].*stored [1-9]", SOON);
    stored.await("a score", line -> line.contains("\"global_score\":"));
    stored.await("an alert", line -> line.contains("\"type\":\"alert\""));

    assertThat(demo.output()).contains("ingest.ndjson", "Open http://127.0.0.1:3006/ ");
    assertThat(demo.term().awaitExit(SOON)).isEqualTo(STOPPED_BY_SIGTERM);
    assertThat(stored.records())
        .extracting(record -> record.getString("_topic", "").split("/", -1)[0])
        .contains("pws-packet", "iaq", "tour", "");
    assertThat(Spillway.verify(site, dir.resolve("data")).exitCode()).isZero();
  }
}
