package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Damage;
import io.spillway.kit.Depth;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TinyDisk;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The server has the messages 1 to 600, the edge those to 800, both were killed; something is done
 * to a file, and both start again.
 */
@DisplayName("After damage")
class DamageIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int STORED = 600;
  private static final int SPOOLED = 800;
  private static final int FRESH = 100;

  @TempDir static Path base;
  private static String run;

  @RegisterExtension final Site site = new Site();
  private Mosquitto broker;
  private Spillway server;
  private Spillway edge;

  @BeforeAll
  static void make() throws Exception {
    try (Site site = Site.in(base.resolve("site"))) {
      Mosquitto broker = site.mosquitto();
      Spillway server = Spillway.server(site).start();
      Spillway edge = Spillway.edge(site, broker, server).start();
      broker.awaitSubscriber("spillway-edge");
      Publisher publisher = site.publisher(broker, "test/a");
      run = publisher.run();
      publisher.publish(400, 2_000);
      server.stored().await("400", line -> line.contains(publisher.mark(399)));
      server.terminate(); // and puts its marks down
      server.start();
      publisher.publish(STORED - 400, 2_000);
      server.stored().await("all", line -> line.contains(publisher.mark(STORED - 1)));
      server.kill9();
      publisher.publish(SPOOLED - STORED, 2_000);
      publisher.awaitAcknowledged();
      Await.until(
          "the edge has put down what it gave out",
          SOON,
          () -> Files.readString(edge.spoolDir().resolve("acknowledged")).contains("\"end\":801"));
      edge.kill9();
      copy(server.dataDir(), base.resolve("data"));
      copy(edge.spoolDir(), base.resolve("spool"));
      heardOnly(base.resolve("spool/acknowledged"), 401);
    }
  }

  /** The edge had not put down yet what the server has acknowledged since. */
  private static void heardOnly(Path file, int next) throws IOException {
    String text = Files.readString(file).replaceFirst("\"next\":\\d+", "\"next\":" + next);
    String said = text.substring(0, text.indexOf(",\"crc32c\""));
    CRC32C crc = new CRC32C();
    crc.update(said.getBytes(StandardCharsets.UTF_8));
    Files.writeString(file, "%s,\"crc32c\":\"%08x\"}\n".formatted(said, crc.getValue()));
  }

  @BeforeEach
  void copies() throws IOException {
    broker = site.mosquitto();
    server = Spillway.server(site);
    edge = Spillway.edge(site, broker, server);
    copy(base.resolve("data"), server.dataDir());
    copy(base.resolve("spool"), edge.spoolDir());
  }

  /** What is done to the files of an edge and a server that are stopped. */
  interface Change {
    void make(Path data, Path spool) throws IOException;
  }

  /**
   * A row.
   *
   * @param lost how many of what was there cannot be there any more
   * @param told a word that both the log and /health have; empty if there is nothing to tell
   */
  record Row(String name, int lost, String told, Change change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> rows() {
    return Depth.everyNth(
        3,
        List.of(
            new Row("nothing", 0, "", (data, spool) -> {}),
            new Row(
                "of the position that the server had acknowledged, which is a hint",
                0,
                "acknowledged",
                (data, spool) -> edit(spool, "acknowledged", "\"next\":\\d+", "\"next\":1401")),
            new Row(
                "of that position, as version 0.1 wrote it",
                0,
                "acknowledged",
                (data, spool) -> Files.writeString(spool.resolve("acknowledged"), "1401")),
            new Row(
                "of marks, which are above what is stored",
                0,
                "marks.json",
                (data, spool) -> edit(data, "marks.json", "(edge\\.\\w+\":)\\d+", "$1701")),
            new Row(
                "of marks, which are above all that there is",
                0,
                "marks.json",
                (data, spool) -> edit(data, "marks.json", "(edge\\.\\w+\":)\\d+", "$11401")),
            new Row(
                "of marks, which are below what is stored, at a higher offset",
                0,
                "marks.json",
                (data, spool) -> {
                  edit(data, "marks.json", "(edge\\.\\w+\":)\\d+", "$1301");
                  edit(data, "marks.json", "\"offset\":\\d+", "\"offset\":590");
                }),
            new Row(
                "of whose a mark is",
                0,
                "marks.json",
                (data, spool) -> edit(data, "marks.json", "\"edge\\.", "\"edgd.")),
            new Row(
                "of the first offset of the journal's segment",
                0,
                "ingest.state",
                (data, spool) -> edit(data, "ingest.state", "\"first\":\\d+", "\"first\":30")),
            new Row(
                "of the spool, which is deleted",
                200,
                "spool",
                (data, spool) -> Files.delete(spool.resolve("spool.ndjson"))),
            new Row(
                "of the spool, which is cut in half",
                200,
                "spool",
                (data, spool) -> cut(spool.resolve("spool.ndjson"))),
            new Row(
                "of the acknowledged position, which is no text",
                0,
                "acknowledged",
                (data, spool) ->
                    Files.write(spool.resolve("acknowledged"), new byte[] {52, -1, 49})),
            new Row(
                "of the identity, which is no text",
                0,
                "identity.json",
                (data, spool) -> Files.write(spool.resolve("identity.json"), new byte[] {-1, 0})),
            new Row(
                "of the identity, which is deleted",
                0,
                "",
                (data, spool) -> Files.delete(spool.resolve("identity.json"))),
            new Row(
                "of a digit of the epoch",
                0,
                "identity.json",
                (data, spool) -> edit(spool, "identity.json", "(\"epoch\":\"[^\"]*).\"", "$1x\"")),
            new Row(
                "of the position of a sink, which is no text",
                0,
                "",
                (data, spool) -> {
                  Files.createDirectories(data.resolve("sinks/influx"));
                  Files.write(data.resolve("sinks/influx/position.json"), new byte[] {-1, 0});
                }),
            new Row(
                "of bytes in the journal behind the last checkpoint",
                0,
                "ingest.ndjson",
                (data, spool) -> line(data, 450, line -> "#" + line.substring(1))),
            new Row(
                "of a line of the journal, which is there twice",
                0,
                "",
                (data, spool) -> line(data, 450, line -> line + "\n" + line)),
            new Row(
                "of a line of the journal, which is removed",
                0,
                "",
                (data, spool) -> line(data, 450, line -> ""))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  @DisplayName("all that is left arrives once, what comes arrives, and it is told")
  void table(Row row) throws Exception {
    row.change().make(server.dataDir(), edge.spoolDir());

    List<String> stored = carryOn();

    Set<String> missing = expected(1, SPOOLED);
    missing.removeAll(stored);
    assertThat(missing).as("lost").hasSize(row.lost());
    List<String> twice = new ArrayList<>(stored);
    new HashSet<>(stored).forEach(twice::remove);
    if (!row.name().contains("twice")) {
      assertThat(twice).as("doubled").isEmpty();
    } else {
      assertThat(twice).as("doubled by hand").hasSize(1);
    }
    assertTold(row.told());
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Depth.of(3, 12));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @DisplayName("of any file by chance, nothing that was not damaged is lost or doubled")
  void byChance(long seed) throws Exception {
    Path file = new Damage(seed).any(server.dataDir(), edge.spoolDir());
    System.out.println("[damage] seed " + seed + ": " + file.getFileName());

    List<String> stored = carryOn();

    assertThat(stored).doesNotHaveDuplicates();
    assertThat(stored).containsAll(spared(file));
  }

  @Test
  @DisplayName("of all but the records of the spool, as in a backup of these, everything arrives")
  void onlyTheRecords() throws Exception {
    try (Stream<Path> files = Files.list(edge.spoolDir())) {
      for (Path file : files.filter(each -> !each.toString().endsWith(".ndjson")).toList()) {
        Files.delete(file);
      }
    }

    List<String> stored = carryOn();

    assertThat(stored.subList(stored.size() - SPOOLED, stored.size()))
        .as("all that was in the spool, in order")
        .isEqualTo(IntStream.range(0, SPOOLED).mapToObj(n -> run + "-" + n).toList());
    assertThat(edge.proc().output())
        .contains("the server knows a key")
        .contains(
            SPOOLED + " records have new numbers; what the server has of them is there twice");
  }

  @Proof
  @Test
  @DisplayName("undone by an earlier backup of the server, both sides name what it lacks since")
  void earlierBackup() throws Exception {
    carryOn();
    Await.until(
        "the edge knows that all of it was acknowledged",
        SOON,
        () -> Files.readString(edge.spoolDir().resolve("acknowledged")).contains("\"next\":901"));
    server.kill9();
    clear(server.dataDir());
    copy(base.resolve("data"), server.dataDir());
    server.start();

    Await.until(
        "/health says so of both",
        Duration.ofSeconds(20),
        () -> {
          JsonObject health = new JsonObject(Http.get(server.httpUrl() + "/health").body());
          String faults = health.getJsonArray("faults").encode();
          return health.getString("status").equals("degraded")
              && faults.contains(": 601 to 900; these data are of an earlier time")
              && faults.contains("the server does not have 601 to 900 of edge.");
        });
    assertThat(server.proc().output()).contains("601 to 900 were acknowledged to it and are not");
    assertThat(edge.proc().output()).contains("[uplink] the server does not have 601 to 900");
  }

  @Test
  @DisplayName("or none: with disks that are full both start, and go on when there is room")
  void fullDisks() throws Exception {
    TinyDisk data = site.tinyDisk("tiny-data", 4);
    TinyDisk spool = site.tinyDisk("tiny-spool", 4);
    server.set("server.journal.dir", data.dir().resolve("data").toString());
    edge.set("edge.spool.dir", spool.dir().resolve("spool").toString());
    copy(base.resolve("data"), server.dataDir());
    copy(base.resolve("spool"), edge.spoolDir());
    data.fill();
    spool.fill();

    server.start();
    edge.start();
    Await.until(
        "/health says that the server's disk is full",
        SOON,
        () -> Http.get(server.httpUrl() + "/health").body().contains("disk full"));
    data.empty();
    spool.empty();

    Set<String> missing = expected(1, SPOOLED);
    List<String> stored = flow();
    missing.removeAll(stored);
    assertThat(missing).isEmpty();
    assertThat(stored).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("of a directory that cannot be used, the start tells key, reason and cure")
  void unusable() throws Exception {
    Files.writeString(Files.createDirectories(server.dir()).resolve("file"), "");
    Proc refused = server.set("server.journal.dir", "file/data").launch();
    assertThat(refused.awaitExit(SOON)).isEqualTo(1);
    assertThat(refused.output())
        .containsPattern(
            "cannot start: server.journal.dir: \\S+/file/data: \\S+/file: a file is where a directory has to be");

    TinyDisk tiny = site.tinyDisk("tiny", 1);
    tiny.fill();
    Proc full = edge.set("edge.spool.dir", tiny.dir().resolve("spool").toString()).launch();
    assertThat(full.awaitExit(SOON)).isEqualTo(1);
    assertThat(full.output())
        .containsPattern(
            "cannot start: edge.spool.dir: \\S+/spool: .*the disk is full; free space");
  }

  /** Messages that are whole in one of the two, whatever was damaged in this file. */
  private Set<String> spared(Path file) {
    boolean records = file.toString().endsWith(".ndjson");
    if (!records) {
      return expected(1, SPOOLED);
    }
    // The edge sends what the server has lost of those that it has not heard of as acknowledged.
    return file.startsWith(server.dataDir()) ? expected(401, SPOOLED) : expected(1, STORED);
  }

  private List<String> carryOn() {
    server.start();
    edge.start();
    return flow();
  }

  /** The ids of the older messages that are stored once fresh ones have come through. */
  private List<String> flow() {
    broker.awaitSubscriber("spillway-edge");
    Publisher publisher = site.publisher(broker, "test/a");
    publisher.publish(FRESH, 1_000);
    publisher.awaitAcknowledged();
    server.stored().await("the last", line -> line.contains(publisher.mark(FRESH - 1)));
    List<String> ids =
        server.stored().records().stream().map(record -> record.getString("id", "")).toList();
    for (int n = 0; n < FRESH; n++) {
      assertThat(ids).as("fresh").containsOnlyOnce(publisher.id(n));
    }
    return ids.stream().filter(id -> id.startsWith(run + "-")).toList();
  }

  private void assertTold(String word) throws Exception {
    if (word.isEmpty()) {
      return;
    }
    Await.until(
        "/health says so",
        Duration.ofSeconds(20),
        () -> {
          Http.Answer answer = Http.get(server.httpUrl() + "/health");
          JsonObject health = new JsonObject(answer.body());
          return answer.status() == 200
              && health.getString("status").equals("degraded")
              && health.getJsonArray("faults").encode().contains(word);
        });
    String logs = server.proc().output() + edge.proc().output();
    assertThat(logs.lines().filter(line -> line.contains("damaged: ")))
        .anyMatch(line -> line.contains(word));
  }

  private static Set<String> expected(int from, int to) {
    Set<String> ids = new HashSet<>();
    for (int n = from; n <= to; n++) {
      ids.add(run + "-" + (n - 1));
    }
    return ids;
  }

  // --- what is done to files

  private static void edit(Path dir, String file, String pattern, String replacement)
      throws IOException {
    String text = Files.readString(dir.resolve(file));
    String changed = text.replaceFirst(pattern, replacement);
    assertThat(changed).as(file).isNotEqualTo(text);
    Files.writeString(dir.resolve(file), changed);
  }

  private static void cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static void line(Path data, int number, UnaryOperator<String> change) throws IOException {
    Path file = data.resolve("ingest.ndjson");
    List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
    String changed = change.apply(lines.remove(number - 1));
    if (!changed.isEmpty()) {
      lines.add(number - 1, changed);
    }
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private static void clear(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isRegularFile(file) && !file.endsWith("lock")) {
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }
}
