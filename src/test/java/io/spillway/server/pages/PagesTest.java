package io.spillway.server.pages;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The pages")
@ExtendWith(VertxExtension.class)
class PagesTest {
  private static final Path SOURCES = Path.of("src/main/resources/webroot");

  private Vertx vertx;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int port;

  private record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    byte[] body() {
      return response.body();
    }
  }

  @BeforeEach
  void serve(Vertx vertx) {
    this.vertx = vertx;
    Router router = Router.router(vertx);
    await(new PagesEndpoint(vertx, null).mount(router));
    router.route().handler(context -> context.response().setStatusCode(404).end("nothing"));
    port =
        await(
                vertx
                    .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1"))
            .actualPort();
  }

  @Test
  @DisplayName("begin at / and come with their types")
  void types() throws IOException {
    Answer index = get("/", Map.of());
    assertThat(index.status()).isEqualTo(200);
    assertThat(index.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(index.body()).isEqualTo(Files.readAllBytes(SOURCES.resolve("index.html")));
    assertThat(get("/index.html", Map.of()).body()).isEqualTo(index.body());
    assertThat(get("/spillway.js", Map.of()).header("Content-Type"))
        .isEqualTo("text/javascript; charset=utf-8");
    assertThat(get("/style.css", Map.of()).header("Content-Type"))
        .isEqualTo("text/css; charset=utf-8");
    assertThat(get("/spillway/link.js?v=1", Map.of()).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("need no .html in the address, and bring the libraries that they use")
  void addresses() {
    assertThat(get("/index", Map.of()).status()).isEqualTo(404);
    for (String page : Webroot.read("webroot", "index.html").keySet()) {
      if (page.endsWith(".html") && !page.equals("/index.html")) {
        byte[] body = get(page, Map.of()).body();
        assertThat(get(page.replace(".html", ""), Map.of()).body()).isEqualTo(body);
      }
    }
    for (String library : new String[] {"/lib/chart.js", "/lib/paho-mqtt.js"}) {
      assertThat(get(library, Map.of()).body().length).as(library).isGreaterThan(10_000);
    }
  }

  @Test
  @DisplayName("let a browser run nothing but what comes from here, and tell nobody who sent it")
  void headers() {
    Answer index = get("/", Map.of());
    assertThat(index.header("Content-Security-Policy"))
        .contains("default-src 'self'", "require-trusted-types-for 'script'");
    assertThat(index.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(index.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(index.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(new String(index.body(), StandardCharsets.UTF_8))
        .doesNotContainIgnoringCase("<script>")
        .doesNotContainIgnoringCase("<style")
        .doesNotContain("style=");
  }

  @Test
  @DisplayName("may connect to the broker that is configured, and to no other")
  void broker() {
    assertThat(get("/vote", Map.of()).header("Content-Security-Policy"))
        .doesNotContain("connect-src");
    Router router = Router.router(vertx);
    await(new PagesEndpoint(vertx, "wss://broker:8081").mount(router));
    port =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();

    assertThat(get("/vote", Map.of()).header("Content-Security-Policy"))
        .contains("default-src 'self';")
        .endsWith("; connect-src 'self' wss://broker:8081");
  }

  @Test
  @DisplayName("are answered with 304 to who has them, and with the whole to who has others")
  void notModified() {
    String tag = get("/spillway.js", Map.of()).header("ETag");
    assertThat(tag).startsWith("\"").endsWith("\"");
    for (String known : new String[] {tag, "\"x\", " + tag, "W/" + tag, "*"}) {
      Answer answer = get("/spillway.js", Map.of("If-None-Match", known));
      assertThat(answer.status()).as(known).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("ETag")).isEqualTo(tag);
    }
    assertThat(get("/spillway.js", Map.of("If-None-Match", "\"x\"")).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("go compressed to who takes gzip, under a tag of its own")
  void gzip() throws IOException {
    Answer plain = get("/spillway.js", Map.of());
    Answer zipped = get("/spillway.js", Map.of("Accept-Encoding", "br, gzip"));
    assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(zipped.header("Vary")).isEqualToIgnoringCase("accept-encoding");
    assertThat(zipped.header("ETag")).isNotEqualTo(plain.header("ETag"));
    assertThat(zipped.body().length).isLessThan(plain.body().length / 2);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain.body());
    }
    for (String other : new String[] {"gzip;q=0", "gzip; q=0.0, br", "deflate", "identity"}) {
      Answer answer = get("/spillway.js", Map.of("Accept-Encoding", other));
      assertThat(answer.header("Content-Encoding")).as(other).isIn(null, "identity");
      assertThat(answer.body()).as(other).isEqualTo(plain.body());
    }
  }

  @Test
  @DisplayName("answer HEAD as GET, without the body")
  void head() {
    Answer got = get("/spillway.js", Map.of());
    Answer head = ask("HEAD", "/spillway.js", Map.of());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(got.body().length));
    assertThat(head.header("ETag")).isEqualTo(got.header("ETag"));
  }

  @ParameterizedTest(name = "are nothing but the pages: {0}")
  @ValueSource(
      strings = {
        "/nothing",
        "/spillway",
        "/spillway/",
        "/../logging.properties",
        "/..%2flogging.properties",
        "/%2e%2e/conf/demo.json",
        "/spillway/../../conf/demo.json",
        "/.hidden",
        "/conf/demo.json",
        "/index.html/",
        "/%00"
      })
  void nothingElse(String path) {
    assertThat(get(path, Map.of()).status()).isIn(400, 404);
  }

  @Test
  @DisplayName("are not to be written")
  void readOnly() {
    assertThat(ask("POST", "/", Map.of()).status()).isEqualTo(405);
    assertThat(ask("DELETE", "/index.html", Map.of()).status()).isEqualTo(405);
  }

  @Test
  @DisplayName("leave out what begins with a dot, and must be there")
  void visible() {
    assertThat(Webroot.read("pages-of-a-test", "index.html")).containsOnlyKeys("/index.html");
    assertThatThrownBy(() -> Webroot.read("elsewhere", "index.html"))
        .hasMessageContaining("elsewhere/index.html");
  }

  private Answer get(String path, Map<String, String> headers) {
    return ask("GET", path, headers);
  }

  private Answer ask(String method, String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    headers.forEach(request::header);
    return new Answer(
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()).join());
  }
}
