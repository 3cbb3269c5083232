package io.spillway.server.pages;

import static io.spillway.kit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Every file of the pages")
@ExtendWith(VertxExtension.class)
class WebrootTest {
  private static final String LIBRARIES = "/lib/";

  /** A script with something in it, a style, an attribute that runs, or an address that runs. */
  private static final Pattern INLINE =
      Pattern.compile(
          "<script(?![^>]*\\ssrc=)|<script[^>]*>[^<]|<style|\\sstyle\\s*=|\\son[a-z]+\\s*=|javascript:",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TEXT_TO_HTML =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|setHTML|srcdoc|document\\.write|createContextualFragment|\\beval\\(|new"
              + " Function|DOMParser|set(Timeout|Interval)\\(['\"`]");

  private static final Pattern OTHER_HOST =
      Pattern.compile("https?://(?!www\\.w3\\.org/(2000/svg|1999/xhtml))[^\\s'\"`)]*|[\"'(]//\\w");

  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void serve(Vertx vertx) {
    Router router = Router.router(vertx);
    await(new PagesEndpoint(vertx, null).mount(router));
    port =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
  }

  @Test
  @DisplayName("comes with a policy, is not to be guessed at, framed or embedded elsewhere")
  void headers() {
    for (String path : files("").keySet()) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(header(answer, "Content-Security-Policy"))
          .as(path)
          .isEqualTo(
              "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                  + " object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
      assertThat(header(answer, "X-Content-Type-Options")).as(path).isEqualTo("nosniff");
      assertThat(header(answer, "Referrer-Policy")).as(path).isEqualTo("no-referrer");
      assertThat(header(answer, "Cross-Origin-Resource-Policy")).as(path).isEqualTo("same-origin");
      assertThat(header(answer, "Content-Type")).as(path).isNotEmpty().doesNotContain("octet");
    }
  }

  @Test
  @DisplayName("keeps scripts and styles in files of their own")
  void nothingInline() {
    Map<String, String> pages = files(".html");
    assertThat(pages).containsKeys("/index.html", "/vote.html", "/results.html", "/chat.html");
    assertNone(pages, INLINE);
  }

  @Test
  @DisplayName("makes no HTML and no script of a text")
  void noHtmlOfText() {
    assertNone(files(".js"), TEXT_TO_HTML);
  }

  @Test
  @DisplayName("names no other host")
  void noOtherHost() {
    for (String type : List.of(".html", ".js", ".css", ".svg")) {
      assertNone(files(type), OTHER_HOST);
    }
  }

  private static void assertNone(Map<String, String> files, Pattern pattern) {
    assertThat(files).isNotEmpty();
    files.forEach(
        (path, text) ->
            assertThat(pattern.matcher(text).results().map(found -> found.group()).toList())
                .as(path)
                .isEmpty());
  }

  /** Our own files whose name ends so. */
  private static Map<String, String> files(String end) {
    Map<String, String> files = new TreeMap<>();
    Webroot.read("webroot", "index.html")
        .forEach(
            (path, bytes) -> {
              if (path.endsWith(end) && (end.isEmpty() || !path.startsWith(LIBRARIES))) {
                files.put(path, new String(bytes, StandardCharsets.UTF_8));
              }
            });
    return files;
  }

  private HttpResponse<String> get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
