package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Contract;
import io.spillway.kit.Curl;
import io.spillway.kit.Proc;
import io.spillway.kit.Proof;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TinyDisk;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The HTTP API of the real jar, asked with curl,")
class ApiIT {
  private static final String LIVE = "live-token-0123456789";
  private static final String SEND = "Authorization: Bearer " + Spillway.TOKEN;
  private static final String READ = "Authorization: Bearer " + LIVE;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Numbered records of 200 bytes; {@code %d} of them. */
  private static final String NUMBERED =
      "awk 'BEGIN { p = sprintf(\"%%170s\", \"\"); gsub(/ /, \"x\", p);"
          + " for (i = 0; i < %d; i++) printf \"{\\\"n\\\":%%d,\\\"pad\\\":\\\"%%s\\\"}\\n\", i, p }'";

  @RegisterExtension final Site site = new Site();
  private Spillway server;
  private Curl curl;

  @BeforeEach
  void prepare() {
    server = Spillway.server(site).set("server.limits.connectionsPerIp", 1_000);
    JsonObject token = new JsonObject().put("name", "pages").put("secret", LIVE);
    server.conf().getJsonObject("server").getJsonArray("tokens").add(token.put("role", "live"));
    curl = new Curl(site);
  }

  @Test
  @DisplayName("stores objects, arrays and laid out JSON, and refuses what it must")
  void small() throws IOException {
    server.start();
    assertThat(post("{\"n\":0}").body()).isEqualTo("{\"stored\":1,\"rejected\":[],\"offset\":2}");
    assertThat(post("[{\"n\":1},{\"n\":2}]").json().getInteger("stored")).isEqualTo(2);
    assertThat(post("{\n  \"n\": 3,\n  \"in\": {\n  }\n}\n").json().getInteger("offset"))
        .isEqualTo(5);
    assertThat(server.stored().sentLines())
        .containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\": 3,\"in\": {}}");
    assertThat(post("").status()).isEqualTo(400);
    assertThat(post("oops").status()).isEqualTo(400);
    Curl.Answer stranger = curl.run("-d", "{}", server.httpUrl() + "/api/ingest");
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.headers()).containsEntry("www-authenticate", "Bearer");
    assertThat(
            curl.run("-d", "{}", server.httpUrl() + "/api/ingest?token=" + Spillway.TOKEN).status())
        .isEqualTo(200);
    Path large = site.dir().resolve("large.json");
    Files.writeString(large, "[\n" + "{\"a\":1},\n".repeat(800_000) + "{}]");
    for (String expect : List.of("Expect: 100-continue", "Expect:")) {
      assertThat(upload(large, "-H", SEND, "-H", expect).status()).isEqualTo(413);
      assertThat(upload(large, "-H", READ, "-H", expect).status()).isEqualTo(401);
    }
    assertThat(server.stored().lines()).hasSize(5);
  }

  @Test
  @Proof
  @DisplayName("stores 200 MB of NDJSON made on the fly, in 96 MB of heap, and every record of it")
  void large() {
    server.jvm("-Xmx96m").start();
    int records = 1_050_000;
    Curl.Answer answer =
        curl.pipe(NUMBERED.formatted(records), "-H", SEND, "-X", "POST", "-T", "-", ingest());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().encode())
        .isEqualTo("{\"stored\":1050000,\"rejected\":[],\"offset\":1050001}");
    assertThat(read(records + 1)).isEqualTo(IntStream.range(0, records).boxed().toList());
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("loses only a bad and an overlong line of a long body")
  void badLines() {
    server.start();
    String bad =
        "echo oops; printf '{\"long\":\"'; head -c 1500000 /dev/zero | tr '\\0' y; echo '\"}'";
    String body = NUMBERED.formatted(10_000);
    Curl.Answer answer =
        curl.pipe(
            "{ " + body + "; " + bad + "; " + body + "; }",
            "-H",
            SEND,
            "--data-binary",
            "@-",
            ingest());
    assertThat(answer.json().getInteger("stored")).isEqualTo(20_000);
    assertThat(answer.json().getJsonArray("rejected"))
        .extracting(one -> ((JsonObject) one).getInteger("line"))
        .containsExactly(10_001, 10_002);
    assertThat(server.stored().lines()).hasSize(20_000);
    List<JsonObject> kept = server.stored().rejected();
    assertThat(kept).hasSize(2);
    assertThat(kept.get(1).getInteger("size")).isEqualTo(1_500_011);
    assertThat(kept.get(1).getString("payload")).hasSizeLessThan(10_000);
  }

  @Test
  @DisplayName("says 507 when the disk is full, how far it came, and goes on when there is room")
  void fullDisk() {
    server.set("server.journal.segmentBytes", 1 << 20).set("server.journal.compress", "none");
    TinyDisk disk = site.tinyDisk("server/data", 6);
    server.start();
    int records = 100_000;
    Curl.Answer full =
        curl.pipe(NUMBERED.formatted(records), "-H", SEND, "-X", "POST", "-T", "-", ingest());
    assertThat(full.status()).isEqualTo(507);
    assertThat(full.headers()).containsKey("retry-after");
    int stored = full.json().getInteger("stored");
    assertThat(full.json().getInteger("line")).isEqualTo(stored);
    assertThat(stored).isLessThan(records);
    List<Integer> read = read(stored + 1);
    assertThat(read.subList(0, stored)).isEqualTo(IntStream.range(0, stored).boxed().toList());
    assertThat(disk.free()).isLessThan(1 << 20);

    disk.grow(64);
    String rest = NUMBERED.formatted(records) + " | tail -n +" + (stored + 1);
    io.spillway.kit.Await.until(
        "the rest is taken",
        SOON,
        () -> curl.pipe(rest, "-H", SEND, "-X", "POST", "-T", "-", ingest()).status() == 200);
    assertThat(read(records + 1)).isEqualTo(IntStream.range(0, records).boxed().toList());
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName("has stored all that it answered for when it is killed in the middle of an upload")
  void killed() {
    server.start();
    assertThat(post("{\"n\":-1}").status()).isEqualTo(200);
    Proc upload =
        site.own(
            curl.start(
                NUMBERED.formatted(5_000_000), "-H", SEND, "-X", "POST", "-T", "-", ingest()));
    io.spillway.kit.Await.until(
        "the upload is on its way", SOON, () -> server.stored().lines().size() > 50_000);
    server.kill9();
    assertThat(upload.awaitExit(SOON)).isNotZero();
    server.start();
    List<Integer> stored = read(1);
    assertThat(stored).isEqualTo(IntStream.range(-1, stored.size() - 1).boxed().toList());
    assertThat(post("{\"n\":1}").json().getInteger("stored")).isEqualTo(1);
    assertThat(Spillway.verify(site, server.dataDir()).exitCode()).isZero();
  }

  @Test
  @DisplayName(
      "gives every record exactly once while others come in, also from compressed segments")
  void paging() {
    server.set("server.journal.segmentBytes", 1 << 20).start();
    int records = 60_000;
    Proc upload =
        site.own(
            curl.start(
                NUMBERED.formatted(records),
                "--limit-rate",
                "6M",
                "-H",
                SEND,
                "-T",
                "-",
                "-X",
                "POST",
                ingest()));
    Curl reader = new Curl(site);
    List<Integer> seen = new ArrayList<>();
    long next = 1;
    while (seen.size() < records) {
      String page = "/api/records?limit=3000&since=" + next;
      Curl.Answer answer = reader.run("--compressed", "-H", READ, server.httpUrl() + page);
      assertThat(answer.headers()).containsEntry("content-encoding", "gzip");
      addNumbers(answer.json().getJsonArray("records"), seen);
      assertThat(answer.json().getLong("next")).isEqualTo(1 + seen.size());
      next = answer.json().getLong("next");
    }
    assertThat(upload.awaitExit(SOON)).isZero();
    assertThat(seen).isEqualTo(IntStream.range(0, records).boxed().toList());
    io.spillway.kit.Await.until("a segment is compressed", SOON, () -> hasGzip(server.dataDir()));
    assertThat(read(records + 1)).isEqualTo(seen);
  }

  @Test
  @DisplayName("announces the gap when history is gone, and a cursor of another journal")
  void gap() {
    server
        .set("server.journal.segmentBytes", 262_144)
        .set("server.journal.keepBytes", 1 << 20)
        .set("server.journal.compress", "none")
        .start();
    int records = 200_000;
    curl.pipe(NUMBERED.formatted(records), "-H", SEND, "-X", "POST", "-T", "-", ingest());
    io.spillway.kit.Await.until(
        "history is gone",
        SOON,
        () -> get("/api/records?since=2&limit=3").json().containsKey("gap"));
    JsonObject page = get("/api/records?since=2&limit=3").json();
    JsonObject gap = page.getJsonObject("gap");
    assertThat(gap.getLong("from")).isEqualTo(2);
    long first = page.getJsonArray("records").getJsonObject(0).getLong("_offset");
    assertThat(gap.getLong("to")).isEqualTo(first);
    JsonObject other = get("/api/records?since=999999").json();
    assertThat(other.getBoolean("reset")).isTrue();
    assertThat(other.getLong("next")).isEqualTo(records + 1);
  }

  @Test
  @DisplayName("gives measurements by room and time, and all of them by its links")
  void iaq() {
    server.set("server.journal.segmentBytes", 1 << 20).start();
    String body =
        "awk 'BEGIN { for (i = 0; i < 30000; i++) printf"
            + " \"{\\\"n\\\":%d,\\\"salle\\\":\\\"s%d\\\",\\\"timestamp\\\":%d}\\n\", i, i % 10,"
            + " 1700000000 + i }'";
    curl.pipe(body, "-H", SEND, "--data-binary", "@-", ingest());
    List<Integer> seen = new ArrayList<>();
    String at = "/api/iaq/data?salle=s3&limit=700";
    while (at != null) {
      Curl.Answer page = get(at);
      List<Integer> numbers = new ArrayList<>();
      addNumbers(page.array(), numbers);
      seen.addAll(0, numbers);
      String link = page.headers().get("link");
      at = link == null ? null : link.replaceAll("^<|>; rel=\"prev\"$", "");
    }
    assertThat(seen)
        .isEqualTo(IntStream.range(0, 30_000).filter(n -> n % 10 == 3).boxed().toList());
    JsonArray timed = get("/api/iaq/data?from=2023-11-14T22:13:25Z&to=1700000007").array();
    assertThat(timed).extracting(r -> ((JsonObject) r).getInteger("n")).containsExactly(5, 6);
  }

  @Test
  @DisplayName("answers as its own OpenAPI document says, for pages of the allowed origins")
  void contract() {
    server.set("server.live.allowedOrigins", new JsonArray().add("https://page.test")).start();
    post("{\"co2\":600}");
    Vertx vertx = Vertx.vertx();
    site.own(() -> vertx.close().await());
    Contract contract = new Contract(vertx, get("/openapi.json").json());
    String[] paths = {
      "/api/records",
      "/api/iaq/data",
      "/api/pipeline",
      "/config",
      "/openapi.json",
      "/health",
      "/healthz",
      "/metrics"
    };
    for (String path : paths) {
      Curl.Answer answer =
          curl.run("--compressed", "-H", "Origin: https://page.test", "-H", READ, url(path));
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(check(contract, HttpMethod.GET, path, answer)).as(path).isTrue();
    }
    for (String path : List.of("/api/records", "/api/iaq/data", "/api/pipeline", "/config")) {
      assertThat(check(contract, HttpMethod.GET, path, curl.run(url(path)))).isTrue();
      Curl.Answer preflight =
          curl.run(
              "-X",
              "OPTIONS",
              "-H",
              "Origin: https://page.test",
              "-H",
              "Access-Control-Request-Method: GET",
              url(path));
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.headers())
          .containsEntry("access-control-allow-origin", "https://page.test")
          .containsEntry("access-control-allow-headers", "Authorization, Content-Type");
    }
    for (String body : List.of("{\"a\":1}", "oops", "", "{}\noops")) {
      assertThat(check(contract, HttpMethod.POST, "/api/ingest", post(body))).isTrue();
    }
    assertThat(new JsonObject(get("/config").body()).getString("version")).matches("\\d+\\..*");
  }

  // --- what the tests are made of

  private static boolean check(
      Contract contract, HttpMethod method, String path, Curl.Answer answer) {
    String type = answer.headers().get("content-type").replaceAll(";.*", "");
    return contract.check(method, path, answer.status(), type, answer.body());
  }

  private String url(String path) {
    return server.httpUrl() + path;
  }

  private String ingest() {
    return url("/api/ingest");
  }

  private Curl.Answer post(String body) {
    return curl.run("-H", SEND, "--data-binary", body, ingest());
  }

  private Curl.Answer get(String path) {
    return curl.run("-H", READ, url(path));
  }

  private Curl.Answer upload(Path file, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-X", "POST", "-T", file.toString(), ingest()));
    return curl.run(all.toArray(String[]::new));
  }

  /** The numbers of all records, by way of pages, at least up to {@code end}. */
  private List<Integer> read(long end) {
    List<Integer> numbers = new ArrayList<>();
    long next = 1;
    JsonObject page;
    do {
      page = get("/api/records?limit=10000&since=" + next).json();
      assertThat(page.containsKey("gap")).isFalse();
      addNumbers(page.getJsonArray("records"), numbers);
      next = page.getLong("next");
    } while (next < Math.max(end, page.getLong("end")));
    return numbers;
  }

  private static void addNumbers(JsonArray records, List<Integer> numbers) {
    records.forEach(record -> numbers.add(((JsonObject) record).getInteger("n")));
  }

  private static boolean hasGzip(Path dir) throws IOException {
    try (var files = Files.list(dir)) {
      return files.anyMatch(file -> file.toString().endsWith(".gz"));
    }
  }
}
