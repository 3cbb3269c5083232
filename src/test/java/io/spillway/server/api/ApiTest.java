package io.spillway.server.api;

import static io.spillway.kit.Await.await;
import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Channels;
import io.spillway.bus.StoreRequest.Plain;
import io.spillway.bus.Stored;
import io.spillway.config.JournalConfig;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.config.PagesConfig;
import io.spillway.config.RouteConfig;
import io.spillway.config.Secret;
import io.spillway.config.ServerConfig;
import io.spillway.config.TokenConfig;
import io.spillway.config.TokenRole;
import io.spillway.kit.Await;
import io.spillway.kit.Contract;
import io.spillway.server.auth.Access;
import io.spillway.server.part.ApiRoutes;
import io.spillway.server.part.Part;
import io.spillway.server.part.Responses;
import io.spillway.server.search.SearchEndpoint;
import io.spillway.server.status.StatusEndpoint;
import io.spillway.store.Store;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The HTTP API")
@ExtendWith(VertxExtension.class)
class ApiTest {
  private static final String SEND = "ingest-token";
  private static final String READ = "live-token";
  private static final String PAGE = "https://page.test";
  private static final int LARGEST = 2_000;

  /** Records that are looked at for one request. */
  private static final int LOOKS_MAX = 50_000;

  @TempDir Path dir;
  private Vertx vertx;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private HttpClient http;
  private Contract contract;
  private String store;
  private Access access;
  private int port;

  private record Answer(int status, MultiMap headers, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }

    String header(String name) {
      return headers.get(name);
    }
  }

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    http = vertx.createHttpClient();
    Channels.register(vertx);
    store =
        await(
            vertx.deployVerticle(
                new Store(config(List.of()).journal(), registry, TimeSource.SYSTEM)));
    serve(List.of(PAGE));
    JsonObject document = get("/openapi.json", null).json();
    contract = new Contract(vertx, document);
  }

  // --- sending

  @Test
  @DisplayName("stores an object, an array, a laid out document and NDJSON, and says how many")
  void stores() {
    assertThat(post("{\"n\":1}").json().encode())
        .isEqualTo("{\"stored\":1,\"rejected\":[],\"offset\":2}");
    assertThat(post("[{\"n\":2},{\"n\":3},4]").json().getInteger("stored")).isEqualTo(3);
    assertThat(post("{\n  \"n\":\n 5\n}\n").json().getInteger("stored")).isEqualTo(1);
    assertThat(post("{\"n\":6}\n\n[{\"n\":7}]\r\n").json().getInteger("offset")).isEqualTo(8);
    assertThat(post("[]").json().getInteger("stored")).isZero();
    assertThat(numbers(get("/api/records?since=1", READ))).containsExactly(1, 2, 3, null, 5, 6, 7);
  }

  @Test
  @DisplayName("stores NDJSON of any length, and names what is bad by its line")
  void longBody() {
    String line = "{\"n\":%d}%n";
    String good =
        IntStream.range(0, 50_000).mapToObj(line::formatted).collect(Collectors.joining());
    String tooLong = "{\"n\":\"" + "x".repeat(LARGEST) + "\"}\n";
    Answer answer = post(good + "oops\n" + tooLong + good);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getInteger("stored")).isEqualTo(100_000);
    JsonArray rejected = answer.json().getJsonArray("rejected");
    assertThat(rejected.getJsonObject(0).getInteger("line")).isEqualTo(50_001);
    assertThat(rejected.getJsonObject(1).encode())
        .isEqualTo("{\"line\":50002,\"reason\":\"a line may have at most 2000 bytes, not 2008\"}");
    assertThat(registry.scrape()).contains("spillway_http_lines_rejected_total 2.0");
  }

  @Test
  @DisplayName("lists a hundred bad lines and counts the others")
  void manyBad() {
    JsonObject answer = post("{}\n" + "bad\n".repeat(150)).json();
    assertThat(answer.getJsonArray("rejected")).hasSize(100);
    assertThat(answer.getInteger("rejectedCount")).isEqualTo(150);
    JsonObject first = post("bad\n".repeat(150) + "{}\n").json();
    assertThat(first.getInteger("stored")).isEqualTo(1);
    assertThat(first.getInteger("rejectedCount")).isEqualTo(150);
  }

  @Test
  @DisplayName("says 400 to nothing and to nothing but rubbish, 413 to a document over the limit")
  void refuses() {
    assertThat(post("").status()).isEqualTo(400);
    assertThat(post(" \n\n").json().getString("error")).startsWith("the body is empty");
    Answer rubbish = post("oops");
    assertThat(rubbish.status()).isEqualTo(400);
    assertThat(rubbish.json().getJsonArray("rejected").getJsonObject(0).getInteger("line"))
        .isEqualTo(1);
    assertThat(post("oops\nagain").json().getJsonArray("rejected")).hasSize(2);
    Answer tooBig = post("[\n" + "1,".repeat(LARGEST) + "1]");
    assertThat(tooBig.status()).isEqualTo(413);
    assertThat(tooBig.json().getString("error"))
        .isEqualTo("one JSON document may have at most 2000 bytes; send NDJSON lines for more");
  }

  @Test
  @DisplayName("takes no encoded body, and says so")
  void encoded() {
    Answer answer =
        ask(HttpMethod.POST, "/api/ingest", SEND, Map.of("Content-Encoding", "gzip"), "{}");
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
  }

  @Test
  @DisplayName("opens one door with a token, and says which kind another needs")
  void tokens() {
    Answer none = ask(HttpMethod.POST, "/api/ingest", null, Map.of(), "{}");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(ask(HttpMethod.POST, "/api/ingest", READ, Map.of(), "{}").status()).isEqualTo(401);
    for (String path : List.of("/api/records", "/api/iaq/data", "/config")) {
      assertThat(get(path, null).status()).isEqualTo(401);
      assertThat(get(path, SEND).status()).isEqualTo(401);
      assertThat(get(path + "?token=" + READ, null).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("says 507 for a full disk and 503 for a store that is away, and how far it came")
  void storeFails() {
    await(vertx.undeploy(store));
    assertThat(post("{}").status()).isEqualTo(503);
    int[] requests = {0};
    Channels.BATCH_STORE.answer(
        vertx,
        request -> {
          requests[0]++;
          return requests[0] == 1
              ? Future.succeededFuture(new Stored(0, 10_001))
              : Future.failedFuture(BusFailure.CANNOT_STORE.because("no space"));
        });
    Answer full = post("{}\n".repeat(BodyCutter.PIECE_LINES + 1));
    assertThat(full.status()).isEqualTo(507);
    assertThat(full.header("Retry-After")).isNotBlank();
    assertThat(full.json().encode())
        .isEqualTo("{\"error\":\"cannot store now: no space\",\"stored\":10000,\"line\":10000}");
  }

  @Test
  @DisplayName("says 429 when too many upload at once")
  void tooManyUploads() throws Exception {
    await(vertx.undeploy(store));
    List<Promise<Stored>> waiting = new ArrayList<>();
    Promise<Void> all = Promise.promise();
    Channels.BATCH_STORE.answer(
        vertx,
        request -> {
          Promise<Stored> one = Promise.promise();
          waiting.add(one);
          if (waiting.size() == IngestRoute.UPLOADS_MAX) {
            all.complete();
          }
          return one.future();
        });
    HttpClient many =
        vertx.createHttpClient(new io.vertx.core.http.PoolOptions().setHttp1MaxSize(100));
    List<Future<Integer>> uploads = new ArrayList<>();
    for (int i = 0; i < IngestRoute.UPLOADS_MAX; i++) {
      uploads.add(
          many.request(options(HttpMethod.POST, "/api/ingest", SEND))
              .compose(request -> request.send("{}"))
              .map(io.vertx.core.http.HttpClientResponse::statusCode));
    }
    await(all.future());
    Answer refused = post("{}");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isNotBlank();
    waiting.forEach(one -> one.complete(new Stored(0, 2)));
    for (Future<Integer> upload : uploads) {
      assertThat(await(upload)).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("gives the place of an upload back also if that cannot even begin")
  void placeBack() {
    Duration none = null; // and so it cannot look whether the upload stands still
    IngestRoute route =
        new IngestRoute(
            vertx,
            TimeSource.SYSTEM,
            access,
            Integer.MAX_VALUE, // so long that there is one place
            none,
            new UploadMetrics(new SimpleMeterRegistry()));
    Router router = Router.router(vertx);
    router.post("/").handler(route::handle);
    int broken =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
    for (int i = 0; i < 3; i++) {
      int status =
          await(
              http.request(HttpMethod.POST, broken, "127.0.0.1", "/")
                  .map(request -> request.putHeader("Authorization", "Bearer " + SEND))
                  .compose(request -> request.send(Buffer.buffer("{}")))
                  .map(HttpClientResponse::statusCode));
      assertThat(status).isIn(500, 503);
    }
  }

  @Test
  @DisplayName("takes fewer uploads at once where the heap is small")
  void smallHeap() {
    assertThat(IngestRoute.uploadsMax(1 << 20, 128L << 20)).isEqualTo(14);
    assertThat(IngestRoute.uploadsMax(1 << 20, 4L << 30)).isEqualTo(IngestRoute.UPLOADS_MAX);
    assertThat(IngestRoute.uploadsMax(16 << 20, 64L << 20)).isEqualTo(1);
  }

  @Test
  @DisplayName("gives up a client that stalls: 408, and what came in whole lines is stored")
  void stalls() {
    Promise<String> answer = Promise.promise();
    Buffer received = Buffer.buffer();
    NetSocket socket = await(vertx.createNetClient().connect(port, "127.0.0.1"));
    socket.handler(received::appendBuffer).closeHandler(end -> answer.complete("" + received));
    await(
        socket.write(
            "POST /api/ingest?token=ingest-token HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
                + "{\"n\":1}\n{\"n\":2}\n{\"n\":"));
    assertThat(await(answer.future()))
        .startsWith("HTTP/1.1 408 ")
        .endsWith("in the middle of the body\",\"stored\":2,\"line\":2}");
    assertThat(numbers(get("/api/records", READ))).containsExactly(1, 2);
  }

  @Test
  @DisplayName("gives up a client whose token is taken away: 401, however long it sends")
  void revoked() {
    Promise<String> answer = Promise.promise();
    Buffer received = Buffer.buffer();
    NetSocket socket = await(vertx.createNetClient().connect(port, "127.0.0.1"));
    socket.handler(
        bytes -> {
          received.appendBuffer(bytes);
          answer.tryComplete("" + received);
        });
    await(
        socket.write(
            "POST /api/ingest?token=ingest-token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"
                + "{\"n\":1}\n{\"n\":"));
    Await.until(
        "the upload has begun",
        Duration.ofSeconds(10),
        () -> registry.scrape().contains("spillway_http_uploads 1.0"));
    access.authenticator().tokens(List.of());
    long sending = vertx.setPeriodic(20, tick -> socket.write("1"));

    assertThat(await(answer.future()))
        .startsWith("HTTP/1.1 401 ")
        .contains("\"error\":\"the token was revoked\"");
    vertx.cancelTimer(sending);
    await(socket.close());
  }

  @Test
  @DisplayName("stores the whole lines of a client that goes away in the middle")
  void goesAway() {
    Promise<Void> stored = Promise.promise();
    Channels.BATCH_STORED.listen(vertx, batch -> stored.complete());
    NetSocket socket = await(vertx.createNetClient().connect(port, "127.0.0.1"));
    await(
        socket.write(
            "POST /api/ingest?token=ingest-token HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
                + "{\"n\":1}\n{\"n\":2}\n{\"n\":"));
    await(socket.close());
    await(stored.future());
    assertThat(numbers(get("/api/records", READ))).containsExactly(1, 2);
  }

  // --- reading

  @Test
  @DisplayName("ends the connection of a reader that does not take its answer, and has room again")
  void stalledReader() {
    registry.clear(); // its gauge is of the API that is served now
    serve(List.of(), 300);
    String record = "{\"co2\":500,\"f\":\"" + "x".repeat(6_000) + "\"}\n";
    for (int i = 0; i < 7; i++) {
      storeDirectly(record.repeat(100));
    }
    Promise<Void> ended = Promise.promise();
    NetClientOptions little = new NetClientOptions().setReceiveBufferSize(2_048);
    NetSocket socket = await(vertx.createNetClient(little).connect(port, "127.0.0.1"));
    socket.closeHandler(end -> ended.complete()).exceptionHandler(reset -> {});
    socket.pause();
    await(socket.write("GET /api/iaq/data?limit=700&token=live-token HTTP/1.1\r\nHost: x\r\n\r\n"));
    Await.until("its answer waits", Duration.ofSeconds(10), () -> held() > 0);
    Await.until("there is room again", Duration.ofSeconds(10), () -> held() == 0);
    socket.resume();
    await(ended.future());
  }

  private double held() {
    return registry.get("spillway.read.bytes").gauge().value();
  }

  @Test
  @DisplayName("gives records page by page, each once, and says where to go on")
  void pages() {
    post(
        IntStream.range(0, 2_500)
            .mapToObj("{\"n\":%d}%n"::formatted)
            .collect(Collectors.joining()));
    List<Integer> seen = new ArrayList<>();
    long next = 1;
    JsonObject page;
    do {
      page = get("/api/records?limit=700&since=" + next, READ).json();
      page.getJsonArray("records").forEach(r -> seen.add(((JsonObject) r).getInteger("n")));
      next = page.getLong("next");
    } while (next < page.getLong("end"));
    assertThat(seen).isEqualTo(IntStream.range(0, 2_500).boxed().toList());
    assertThat(get("/api/records?since=" + next, READ).body())
        .isEqualTo("{\"records\":[],\"next\":2501,\"end\":2501," + source() + "}");
    assertThat(get("/api/records?since=2502", READ).body())
        .isEqualTo("{\"records\":[],\"next\":2501,\"end\":2501," + source() + ",\"reset\":true}");
    JsonObject newest = get("/api/records?limit=2", READ).json();
    newest
        .getJsonArray("records")
        .forEach(record -> assertThat(((JsonObject) record).remove("_ts_src")).isNotNull());
    assertThat(newest.getJsonArray("records").encode())
        .isEqualTo(
            "[{\"n\":2498,\"type\":\"measurement\",\"_offset\":2499},"
                + "{\"n\":2499,\"type\":\"measurement\",\"_offset\":2500}]");
    assertThat(newest.getLong("next")).isEqualTo(2_501);
  }

  @Test
  @DisplayName("moves on past records of other topics, and never looks at too many")
  void topics() {
    storeDirectly("{\"_topic\":\"a/b\"}\n".repeat(LOOKS_MAX + 10));
    post("{\"type\":\"alert\",\"n\":1}\n{\"n\":2,\"_topic\":\"door/1\"}");
    JsonObject first = get("/api/records?since=1&topic=alerts,door/+", READ).json();
    assertThat(first.getJsonArray("records")).isEmpty();
    long next = first.getLong("next");
    assertThat(next).isBetween((long) LOOKS_MAX, first.getLong("end") - 1);
    String rest = "/api/records?topic=alerts&topic=door/%2B&since=" + next;
    assertThat(numbers(get(rest, READ))).containsExactly(1, 2);
    assertThat(numbers(get("/api/records?topic=alerts&limit=5", READ))).containsExactly(1);
    assertThat(numbers(get("/api/records?topic=doors&limit=5", READ))).containsExactly(2);
    assertThat(get("/api/records?topic=a/%23/b", READ).json().getString("error"))
        .startsWith("topic: found \"a/#/b\"");
  }

  @Test
  @DisplayName("bounds a page by its bytes; one longer record comes alone")
  void bytes() {
    String wide = "{\"n\":1,\"pad\":\"" + "x".repeat(1_500_000) + "\"}\n";
    storeDirectly("{\"n\":0}\n" + wide + wide + "{\"n\":2}\n");
    assertThat(numbers(get("/api/records?since=1", READ))).containsExactly(0);
    assertThat(numbers(get("/api/records?since=2", READ))).containsExactly(1);
    assertThat(numbers(get("/api/records?since=4", READ))).containsExactly(2);
    assertThat(numbers(get("/api/records", READ))).containsExactly(2);
    assertThat(numbers(get("/api/records?limit=1", READ))).containsExactly(2);
  }

  @Test
  @DisplayName("names a parameter that is wrong")
  void wrongParameters() {
    for (String query : List.of("limit=0", "limit=10001", "limit=x", "since=-1", "since=a")) {
      Answer answer = get("/api/records?" + query, READ);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().getString("error"))
          .startsWith(query.replace("=", ": found \"") + '"')
          .contains(", allowed: ");
    }
    assertThat(get("/api/iaq/data?from=x", READ).status()).isEqualTo(400);
    assertThat(get("/api/iaq/data?before=0", READ).status()).isEqualTo(400);
    assertThat(get("/api/records?since=%zz", READ).status()).isEqualTo(400);
    assertThat(get("/api/records?token=%zz", null).status()).isEqualTo(400);
  }

  @Test
  @DisplayName("gives the newest measurements of a sensor or room, older ones by a link")
  void iaq() {
    StringBuilder body = new StringBuilder();
    for (int n = 0; n < 9_000; n++) {
      body.append(
          "{\"n\":%d,\"sensor_id\":%d,\"salle\":\"A&B %d\",\"timestamp\":%d}%n"
              .formatted(n, n % 3, n % 2, 1_700_000_000 + n));
      body.append("{\"type\":\"alert\",\"sensor_id\":0,\"n\":-1}\n");
    }
    post(body.toString());
    String query = "/api/iaq/data?sensor_id=0&salle=A%26B+0&limit=400";
    List<Integer> seen = new ArrayList<>();
    int pages = 0;
    for (String at = query; at != null; pages++) {
      Answer page = get(at, READ);
      seen.addAll(0, numbers(page));
      assertThat(page.header("Link"))
          .satisfiesAnyOf(
              link -> assertThat(link).isNull(),
              link -> assertThat(link).endsWith("; rel=\"prev\""));
      at = page.header("Link") == null ? null : page.header("Link").replaceAll("^<|>.*", "");
    }
    assertThat(pages).isEqualTo(4);
    assertThat(seen).isEqualTo(IntStream.range(0, 9_000).filter(n -> n % 6 == 0).boxed().toList());
    assertThat(numbers(get("/api/iaq/data?limit=2", READ))).containsExactly(8_998, 8_999);
    assertThat(numbers(get("/api/iaq/data?from=1700000010&to=1700000012000", READ)))
        .containsExactly(10, 11);
    assertThat(get("/api/iaq/data?enseigne=none", READ).body()).isEqualTo("[]");
  }

  @Test
  @DisplayName("tells a page what it needs")
  void configuration() {
    JsonObject page = get("/config", READ).json();
    assertThat(page.getString("service")).isEqualTo("spillway");
    assertThat(page.getString("version")).isEqualTo("dev");
    assertThat(page.getJsonObject("limits").getInteger("maxMessageBytes")).isEqualTo(LARGEST);
    assertThat(page.getJsonObject("thresholds").getJsonObject("co2").encode())
        .isEqualTo("{\"unit\":\"ppm\",\"good\":{\"max\":1000},\"medium\":{\"max\":2000}}");
    assertThat(page.getJsonObject("pages").encode())
        .isEqualTo(
            "{\"mqttUrl\":null,\"vote\":{\"topic\":\"test/phone\",\"title\":null,"
                + "\"candidates\":[\"A\",\"B\"],\"oncePerBrowser\":true},"
                + "\"chat\":{\"topic\":\"chat\"}}");
  }

  // --- for all

  @Test
  @DisplayName("answers HEAD, refuses other methods with Allow, and is silent at no path")
  void methods() {
    for (String path :
        List.of("/api/records", "/api/iaq/data", "/api/pipeline", "/config", "/openapi.json")) {
      Answer head = ask(HttpMethod.HEAD, path, READ, Map.of(), null);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      Answer wrong = ask(HttpMethod.DELETE, path, READ, Map.of(), null);
      assertThat(wrong.status()).isEqualTo(405);
      assertThat(wrong.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }
    Answer wrong = get("/api/ingest", SEND);
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("Allow")).isEqualTo("POST, OPTIONS");
    Answer unknown = get("/api/unknown", READ);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().getString("error")).isNotBlank();
    assertThat(unknown.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(unknown.header("Cache-Control")).isEqualTo("no-store");
    assertThat(registry.scrape())
        .contains("spillway_http_requests_total{route=\"/api/ingest\",status=\"405\"} 1.0")
        .contains("spillway_http_requests_total{route=\"other\",status=\"404\"} 1.0");
  }

  @Test
  @DisplayName("lets pages of the allowed origins read its answers, and no others")
  void origins() {
    Answer allowed = ask(HttpMethod.GET, "/config", READ, Map.of("Origin", PAGE), null);
    assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
    assertThat(allowed.header("Vary")).contains("Origin");
    Answer refusal = ask(HttpMethod.GET, "/config", null, Map.of("Origin", PAGE), null);
    assertThat(refusal.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
    Answer other =
        ask(HttpMethod.GET, "/config", READ, Map.of("Origin", "https://other.test"), null);
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.headers().names()).noneMatch(name -> name.startsWith("Access-Control"));
    assertThat(other.header("Vary")).contains("Origin");
    Answer preflight = preflight(PAGE);
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
    assertThat(preflight.header("Access-Control-Allow-Headers"))
        .isEqualTo("Authorization, Content-Type");
    assertThat(preflight("https://other.test").headers().names())
        .noneMatch(name -> name.startsWith("Access-Control"));
    serve(List.of("*"));
    assertThat(preflight("https://other.test").header("Access-Control-Allow-Origin"))
        .isEqualTo("*");
    serve(List.of());
    assertThat(preflight(PAGE).headers().names())
        .noneMatch(name -> name.startsWith("Access-Control"));
  }

  @Test
  @DisplayName("takes records from its own pages and those of the allowed origins, and no others")
  void foreignPages() {
    for (String origin : List.of(PAGE, "http://127.0.0.1:" + port)) {
      Answer own = ask(HttpMethod.POST, "/api/ingest", SEND, Map.of("Origin", origin), "{}");
      assertThat(own.status()).as(origin).isEqualTo(200);
    }
    for (String origin : List.of("https://other.test", "null")) {
      Answer other = ask(HttpMethod.POST, "/api/ingest", SEND, Map.of("Origin", origin), "{}");
      assertThat(other.status()).as(origin).isEqualTo(403);
    }
  }

  private Answer preflight(String origin) {
    Map<String, String> headers = Map.of("Origin", origin, "Access-Control-Request-Method", "POST");
    return ask(HttpMethod.OPTIONS, "/api/ingest", null, headers, null);
  }

  // --- what the tests are made of

  private String source() {
    String journal = get("/api/records", READ).json().getString("journal");
    return "\"journal\":\"" + journal + "\",\"source\":\"journal\"";
  }

  private void serve(List<String> origins) {
    serve(origins, ApiRoutes.ANSWER_MS);
  }

  private void serve(List<String> origins, long answerMs) {
    ServerConfig config = config(origins);
    access = Access.of(config, registry);
    ApiRoutes api =
        new ApiRoutes(vertx, access.authenticator(), origins, registry, 64 << 20, answerMs);
    TimeSource time = TimeSource.SYSTEM;
    Router routes = Router.router(vertx);
    List<Part> parts =
        List.of(
            new StatusEndpoint(
                vertx, time, Duration.ofSeconds(15), Path.of("none"), access, api, registry),
            new SearchEndpoint(vertx, time, config.live().routes(), 1 << 20, false, api, registry),
            new ApiEndpoint(
                vertx, time, config, null, access, api, registry, Duration.ofMillis(400)));
    parts.forEach(part -> await(part.mount(routes)));
    routes.errorHandler(500, Responses::broken);
    port =
        await(vertx.createHttpServer().requestHandler(routes).listen(0, "127.0.0.1")).actualPort();
  }

  private ServerConfig config(List<String> origins) {
    return new ServerConfig(
        "127.0.0.1",
        0,
        List.of(
            new TokenConfig("edges", new Secret(SEND), TokenRole.INGEST),
            new TokenConfig("page", new Secret(READ), TokenRole.LIVE)),
        new JournalConfig(
            dir,
            "ingest.ndjson",
            Duration.ZERO,
            64 << 20,
            Duration.ofMinutes(60),
            false,
            Duration.ZERO,
            0),
        new LiveConfig(
            false,
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            1 << 20,
            origins,
            List.of(new RouteConfig("door/#", "doors")),
            16),
        new LimitsConfig(LARGEST, 5, 5, 0),
        null,
        new PagesConfig(
            null,
            new PagesConfig.Vote("test/phone", null, List.of("A", "B"), true),
            new PagesConfig.Chat("chat")),
        List.of(),
        Duration.ofSeconds(1));
  }

  private void storeDirectly(String records) {
    await(
        Channels.BATCH_STORE.request(
            vertx, new Plain(lines(List.of(records.split("\n", 0))), List.of())));
  }

  private Answer post(String body) {
    return ask(HttpMethod.POST, "/api/ingest", SEND, Map.of(), body);
  }

  private Answer get(String uri, String token) {
    return ask(HttpMethod.GET, uri, token, Map.of(), null);
  }

  private RequestOptions options(HttpMethod method, String uri, String token) {
    RequestOptions options =
        new RequestOptions().setHost("127.0.0.1").setPort(port).setURI(uri).setMethod(method);
    return token == null ? options : options.putHeader("Authorization", "Bearer " + token);
  }

  private Answer ask(
      HttpMethod method, String uri, String token, Map<String, String> headers, String body) {
    RequestOptions options = options(method, uri, token);
    headers.forEach(options::putHeader);
    Answer answer =
        await(
            http.request(options)
                .compose( // all in here: an answer must not be there before somebody reads it
                    request ->
                        (body == null ? request.send() : request.send(body))
                            .compose(
                                response ->
                                    response
                                        .body()
                                        .map(
                                            text ->
                                                new Answer(
                                                    response.statusCode(),
                                                    response.headers(),
                                                    "" + text)))));
    if (contract != null) { // every answer that is described must be as described
      String path = uri.replaceAll("\\?.*", "");
      contract.check(method, path, answer.status(), answer.header("Content-Type"), answer.body());
    }
    return answer;
  }

  private static List<Integer> numbers(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    JsonArray records =
        answer.body().startsWith("[")
            ? new JsonArray(answer.body())
            : answer.json().getJsonArray("records");
    List<Integer> numbers = new ArrayList<>();
    records.forEach(record -> numbers.add(((JsonObject) record).getInteger("n")));
    return numbers;
  }
}
