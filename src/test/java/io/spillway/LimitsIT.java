package io.spillway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.FreePort;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.RawSocket;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Where bounds meet each other, the jar")
class LimitsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EDGE = "spillway-edge";
  private static final int STOPPED_BY_SIGTERM = 143;

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("stores a backlog in which one record in 21 is too large, and sets those aside")
  void tooLargeInBacklog() throws IOException {
    Mosquitto broker = site.mosquitto();
    Spillway server = Spillway.server(site).set("server.limits.maxMessageBytes", 2_048);
    Spillway edge = Spillway.edge(site, broker, server).set("edge.batch.maxRecords", 10).start();
    broker.awaitSubscriber(EDGE);
    List<String> messages = new ArrayList<>();
    for (int group = 0; group < 40; group++) {
      for (int n = 0; n < 20; n++) {
        messages.add("{\"g\":" + group + ",\"n\":" + n + "}");
      }
      messages.add("{\"g\":" + group + ",\"f\":\"" + "x".repeat(4_000) + "\"}");
    }
    publish(broker, messages);

    server.start();

    Await.until(
        () -> server.stored().records().size() + " of 800 stored",
        SOON,
        () -> server.stored().records().size() == 800);
    Path aside = edge.spoolDir().resolve("rejected.ndjson");
    Await.until("40 set aside", SOON, () -> Files.readAllLines(aside).size() == 40);
  }

  @ParameterizedTest
  @ValueSource(strings = "dropOldest")
  @DisplayName("takes 3,000 messages that wait at the broker into a spool of 128 KiB")
  void manyAtOnce(String whenFull) throws IOException {
    Mosquitto broker =
        new Mosquitto(site, "mosquitto")
            .with("max_inflight_messages", "1000")
            .with("max_queued_messages", "10000")
            .start();
    Spillway server = Spillway.server(site).start();
    Spillway edge =
        Spillway.edge(site, broker, server)
            .set("edge.spool.maxBytes", 131_072)
            .set("edge.spool.segmentBytes", 65_536)
            .set("edge.spool.whenFull", whenFull)
            .start();
    broker.awaitSubscriber(EDGE);
    assertThat(edge.terminate()).isEqualTo(STOPPED_BY_SIGTERM);
    List<String> messages = new ArrayList<>();
    for (int n = 0; n < 3_000; n++) {
      messages.add("{\"n\":" + n + ",\"f\":\"" + "x".repeat(300) + "\"}");
    }
    publish(broker, messages);

    edge.start();

    List<Integer> all = IntStream.range(0, 3_000).boxed().toList();
    Await.until(
        () -> server.stored().records().size() + " of 3,000 stored",
        SOON,
        () -> server.stored().records().size() >= all.size());
    assertThat(server.stored().records())
        .extracting(record -> record.getInteger("n"))
        .isEqualTo(all);
  }

  @ParameterizedTest
  @Proof
  @ValueSource(strings = {"block", "dropNewest"})
  @DisplayName("takes 3,000 messages that wait at the broker into a spool of 128 KiB")
  void manyAtOnceToo(String whenFull) throws IOException {
    manyAtOnce(whenFull);
  }

  @Test
  @DisplayName("refuses a spool that cannot hold two segments, and names the least that works")
  void tooSmall() {
    Spillway edge = Spillway.edge(site, "mqtt://127.0.0.1:1", "ws://127.0.0.1:1/ws");
    Proc proc = edge.set("edge.spool.maxBytes", 8_192).launch();

    assertThat(proc.awaitExit(SOON)).isEqualTo(1);
    assertThat(proc.lines()).hasSize(1);
    assertThat(proc.output()).contains("edge.spool.maxBytes", "segmentBytes", "16777216");
  }

  @Test
  @DisplayName("ends with 143 and without an error when it is told to stop while it starts")
  void stoppedWhileStarting() {
    for (String line : List.of("\\[CFG\\] server", "\\[store\\]", "\\[server\\]", "\\[spool\\]")) {
      String name = "demo" + line.replaceAll("\\W", "");
      Proc proc = Spillway.launch(site, name, Map.of());
      proc.awaitLine(line, SOON);
      assertThat(proc.term().awaitExit(SOON)).isEqualTo(STOPPED_BY_SIGTERM);
      assertThat(proc.output()).doesNotContain("ERROR");
    }
  }

  @Test
  @DisplayName("tells a connection that is reset while it is opened once, and as no error")
  void resetWhileOpening() throws Exception {
    BlockingQueue<Integer> firstBytes = new LinkedBlockingQueue<>();
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> reset(socket, firstBytes));
      server.setDaemon(true);
      server.start();
      Spillway edge =
          Spillway.edge(
                  site,
                  "mqtt://127.0.0.1:" + FreePort.next(),
                  "ws://127.0.0.1:" + socket.getLocalPort() + "/ws")
              .start();
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThat(Await.next(firstBytes)).isEqualTo('G');
      }
      assertThat(edge.terminate()).isEqualTo(STOPPED_BY_SIGTERM);
      assertThat(edge.proc().output()).doesNotContain("ERROR");
      assertThat(edge.proc().lines())
          .filteredOn(line -> line.contains("[uplink] 127.0.0.1:" + socket.getLocalPort()))
          .hasSize(1);
    }
  }

  @Proof
  @ParameterizedTest
  @ValueSource(booleans = true)
  @DisplayName("stores small messages and then 300 of a megabyte that come bit by bit, in 96 MB")
  void unfinished(boolean tokens) throws IOException {
    Spillway server = Spillway.server(site).jvm("-Xmx96m");
    if (!tokens) { // there a connection that may send is one that may watch, too
      server.set("server.tokens", new JsonArray());
    }
    server.start();
    String path = "/ws?topics=none" + (tokens ? "&token=" + Spillway.TOKEN : "");
    byte[] payload = ("{\"f\":\"" + "x".repeat(1_000_000) + "\"}").getBytes(US_ASCII);
    byte[] frame = RawSocket.text(new Random(1), payload);
    int most = frame.length - 10_000;
    List<RawSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      RawSocket socket = site.own(new RawSocket(server.port(), path));
      socket.send(Arrays.copyOf(frame, most));
      sockets.add(socket);
    }
    Await.until("some wait", SOON, () -> server.metric("spillway_receive_waiting") > 0);
    assertThat(server.metric("spillway_receive_bytes")).isLessThan(40 << 20);

    site.own(new RawSocket(server.port(), path))
        .send(RawSocket.text(new Random(2), "{\"small\":1}".getBytes(US_ASCII)));
    Await.until("the small one", SOON, () -> server.stored().lines().size() == 1);
    for (RawSocket socket : sockets) {
      socket.send(Arrays.copyOfRange(frame, most, frame.length));
    }

    Await.until(
        () -> server.stored().lines().size() + " of 301 stored",
        SOON,
        () -> server.stored().lines().size() == 301);
    assertThat(server.metric("spillway_receive_waiting")).isZero();
    assertThat(server.proc().output()).doesNotContain("ERROR", "OutOfMemory");
  }

  @ParameterizedTest
  @Proof
  @ValueSource(booleans = false)
  @DisplayName("stores small messages and then 300 of a megabyte that come bit by bit, in 96 MB")
  void unfinishedToo(boolean tokens) throws IOException {
    unfinished(tokens);
  }

  @Test
  @Proof
  @DisplayName("answers readers of 4 MB, with 16 beside them that take nothing of it, in 64 MB")
  void slowReaders() throws Exception {
    Spillway server = Spillway.server(site).jvm("-Xmx64m").set("server.live.anonymous", true);
    server.start();
    String line = "{\"co2\":500,\"f\":\"" + "x".repeat(6_000) + "\"}\n";
    for (int i = 0; i < 10; i++) {
      Http.post(server.httpUrl() + "/api/ingest", Spillway.TOKEN, line.repeat(100));
    }
    String path = "/api/iaq/data?limit=1000";
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Socket reader = site.own(new Socket());
      reader.setReceiveBufferSize(2_048);
      reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      reader.getOutputStream().write(request(path, server.port()));
      slow.add(reader);
    }
    List<String> answers = new ArrayList<>();
    for (Socket reader : slow) {
      reader.setSoTimeout((int) SOON.toMillis());
      answers.add(new String(reader.getInputStream().readNBytes(12), US_ASCII));
    }
    assertThat(answers).containsOnly("HTTP/1.1 200", "HTTP/1.1 429");
    assertThat(server.metric("spillway_read_bytes")).isBetween(1, 16 << 20);
    assertThat(Http.get(server.httpUrl() + "/api/pipeline").status()).isEqualTo(200);

    for (Socket reader : slow) {
      reader.close();
    }
    List<CompletableFuture<Integer>> quick = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      quick.add(CompletableFuture.supplyAsync(() -> bytesOf(server.httpUrl() + path)));
    }
    for (CompletableFuture<Integer> bytes : quick) {
      assertThat(bytes.get(60, TimeUnit.SECONDS)).isBetween(4_100_000, 4 << 20);
    }
    assertThat(server.metric("spillway_read_bytes")).isZero();
    assertThat(server.proc().output()).doesNotContain("ERROR", "OutOfMemory");
  }

  @ParameterizedTest(name = "with tokens: {0}")
  @ValueSource(booleans = {true, false})
  @DisplayName("stores what others send while a client sends empty messages as fast as it can")
  void emptyMessages(boolean tokens) throws IOException, InterruptedException {
    Spillway server = Spillway.server(site).jvm("-Xmx96m").jvm("-XX:+ExitOnOutOfMemoryError");
    if (!tokens) {
      server.set("server.tokens", new JsonArray());
    }
    server.start();
    String path = "/ws?topics=none" + (tokens ? "&token=" + Spillway.TOKEN : "");
    byte[] frame = RawSocket.text(new Random(1), new byte[0]);
    byte[] many = new byte[frame.length * 10_000];
    for (int at = 0; at < many.length; at += frame.length) {
      System.arraycopy(frame, 0, many, at, frame.length);
    }
    RawSocket flood = site.own(new RawSocket(server.port(), path));
    for (int i = 0; i < 8; i++) {
      flood.send(many);
    }
    assertThat(Http.get(server.httpUrl() + "/healthz").status()).isEqualTo(200);
    String url = server.httpUrl() + "/api/ingest" + (tokens ? "?token=" + Spillway.TOKEN : "");
    assertThat(Http.post(url, "{\"n\":1}").status()).isEqualTo(200); // while they are set aside
    assertThat(server.stored().lines()).hasSize(1);
    assertThat(server.proc().output()).doesNotContain("OutOfMemory");
  }

  @Test
  @DisplayName("finds few among many long records in a small heap")
  void searchers() throws Exception {
    Spillway server =
        Spillway.server(site)
            .jvm("-Xmx64m")
            .jvm("-XX:+ExitOnOutOfMemoryError")
            .set("server.live.anonymous", true);
    server.start();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      lines.append("{\"sensor_id\":\"s%d\",\"co2\":500,\"f\":\"".formatted(i % 3));
      lines.append("x".repeat(8_000)).append("\"}\n");
    }
    for (int i = 0; i < 60; i++) {
      Http.post(server.httpUrl() + "/api/ingest", Spillway.TOKEN, lines.toString());
    }
    String url = server.httpUrl() + "/api/iaq/data?sensor_id=s1&limit=1000";
    List<CompletableFuture<Integer>> found = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      found.add(CompletableFuture.supplyAsync(() -> bytesOf(url)));
    }
    for (CompletableFuture<Integer> bytes : found) {
      assertThat(bytes.get(60, TimeUnit.SECONDS)).isBetween(4_000_000, 4 << 20);
    }
    assertThat(server.proc().output()).doesNotContain("ERROR", "OutOfMemory");
  }

  private static byte[] request(String path, int port) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n").getBytes(US_ASCII);
  }

  /** How long an answer is; -1 if it is none of 200. */
  private static int bytesOf(String url) {
    try {
      Http.Answer answer = Http.get(url);
      return answer.status() == 200 ? answer.body().length() : -1;
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Reads the beginning of each request and resets the connection. */
  private static void reset(ServerSocket socket, BlockingQueue<Integer> firstBytes) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept();
          InputStream request = client.getInputStream()) {
        firstBytes.add(request.read());
        client.setSoLinger(true, 0);
      } catch (IOException ended) {
        firstBytes.add(-1); // unless this is the end, it fails the test
      }
    }
  }

  private void publish(Mosquitto broker, List<String> messages) throws IOException {
    Path file = Files.write(site.dir().resolve("messages"), messages);
    Proc pub =
        Proc.run(
            "mosquitto_pub",
            site.dir(),
            Map.of(),
            List.of(
                "sh", "-c", "mosquitto_pub -p " + broker.port() + " -q 1 -t test/a -l < " + file));
    assertThat(pub.exitCode()).as(pub.output()).isZero();
  }
}
