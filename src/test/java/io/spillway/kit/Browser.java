package io.spillway.kit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Debian's Chromium without a window, steered over the W3C WebDriver protocol.
 *
 * <p>By the JDK's HTTP client: the ten commands that the tests need are one JSON request each, and
 * Selenium would bring 30 jars and a manager that looks for drivers on the network.
 */
public final class Browser implements AutoCloseable {
  /** WebDriver section 17.4.2: keys without a character. */
  public static final String TAB = "\uE004";

  /** See {@link #TAB}. */
  public static final String ENTER = "\uE007";

  /** See {@link #TAB}. */
  public static final String ESCAPE = "\uE00C";

  /** See {@link #TAB}. */
  public static final String LEFT = "\uE012";

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Path SCREENSHOTS = Site.PROJECT.resolve("target/screenshots");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();

  private final String driver;
  private final String session;

  private Browser(String driver) {
    this.driver = driver;
    this.session =
        ((JsonObject) command("POST", "/session", capabilities())).getString("sessionId");
  }

  /** A browser with an empty profile of its own, which is ended after the test. */
  public static Browser start(Site site) {
    int port = FreePort.next();
    Path home = shortDirectory();
    site.own(() -> Site.delete(home));
    Map<String, String> env = Map.of("TMPDIR", home.toString(), "HOME", home.toString());
    List<String> command = List.of("chromedriver", "--port=" + port);
    Proc proc = site.own(Proc.start("chromedriver", site.dir(), env, command));
    proc.awaitLine("started successfully", LIMIT);
    return site.own(new Browser("http://127.0.0.1:" + port));
  }

  /** Chromium puts a socket into its profile, whose path may have 107 characters. */
  private static Path shortDirectory() {
    try {
      return Files.createTempDirectory("chromium");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static JsonObject capabilities() {
    JsonArray arguments =
        new JsonArray()
            .add("--headless=new")
            .add("--disable-gpu")
            .add("--disable-dev-shm-usage")
            .add("--window-size=1280,900");
    if (System.getProperty("user.name").equals("root")) {
      arguments.add("--no-sandbox"); // Chromium's sandbox refuses to run as root
    }
    JsonObject wanted =
        new JsonObject()
            .put("goog:chromeOptions", new JsonObject().put("args", arguments))
            .put("goog:loggingPrefs", new JsonObject().put("browser", "ALL"));
    return new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", wanted));
  }

  /** Opens a page and waits until it is loaded. */
  public Browser open(String url) {
    inSession("POST", "/url", new JsonObject().put("url", url));
    return this;
  }

  /** Runs a script in the page, as if typed in its console; null, or what it {@code return}s. */
  public Object run(String script) {
    JsonObject body = new JsonObject().put("script", script).put("args", new JsonArray());
    return inSession("POST", "/execute/sync", body);
  }

  /** Waits until a JavaScript expression is true in the page. */
  public Browser await(String what, Duration limit, String expression) {
    Await.until(
        () -> what + ": " + expression,
        limit,
        () -> Boolean.TRUE.equals(run("return Boolean(" + expression + ")")));
    return this;
  }

  /** What a reader sees of the page. */
  public String text() {
    return (String) run("return document.body.innerText");
  }

  /** The console since it was last asked for: {@code LEVEL message}. */
  public List<String> console() {
    List<String> lines = new ArrayList<>();
    JsonArray log =
        (JsonArray) inSession("POST", "/se/log", new JsonObject().put("type", "browser"));
    for (int i = 0; i < log.size(); i++) {
      JsonObject entry = log.getJsonObject(i);
      lines.add(entry.getString("level") + ' ' + entry.getString("message"));
    }
    return lines;
  }

  /** {@code light} or {@code dark}, as the system of the user would prefer. */
  public Browser prefers(String scheme) {
    JsonObject feature = new JsonObject().put("name", "prefers-color-scheme").put("value", scheme);
    devTools(
        "Emulation.setEmulatedMedia",
        new JsonObject().put("features", new JsonArray().add(feature)));
    return painted();
  }

  /** A window without anything around it, which the page has noticed when this returns. */
  public Browser screen(int width, int height) {
    JsonObject screen =
        new JsonObject()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600);
    devTools("Emulation.setDeviceMetricsOverride", screen);
    return painted();
  }

  /** Waits for two frames: with the first one the page is told of what has changed. */
  private Browser painted() {
    String script =
        "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done()))";
    JsonObject body = new JsonObject().put("script", script).put("args", new JsonArray());
    inSession("POST", "/execute/async", body);
    return this;
  }

  /** Types on the keyboard, to whatever has the focus; {@link #TAB} and {@link #ENTER} are keys. */
  public Browser type(String keys) {
    JsonArray strokes = new JsonArray();
    for (String key : keys.split("", -1)) {
      if (!key.isEmpty()) {
        strokes.add(new JsonObject().put("type", "keyDown").put("value", key));
        strokes.add(new JsonObject().put("type", "keyUp").put("value", key));
      }
    }
    JsonObject keyboard =
        new JsonObject().put("type", "key").put("id", "keyboard").put("actions", strokes);
    inSession("POST", "/actions", new JsonObject().put("actions", new JsonArray().add(keyboard)));
    return this;
  }

  /** Bytes of JavaScript objects that are left after the garbage was collected. */
  public long heapBytes() {
    devTools("HeapProfiler.collectGarbage", new JsonObject());
    devTools("Performance.enable", new JsonObject());
    JsonObject answer = (JsonObject) devTools("Performance.getMetrics", new JsonObject());
    return answer.getJsonArray("metrics").stream()
        .map(JsonObject.class::cast)
        .filter(metric -> metric.getString("name").equals("JSHeapUsedSize"))
        .findFirst()
        .orElseThrow()
        .getLong("value");
  }

  /** Writes what is to be seen to {@code target/screenshots/NAME.png}. */
  public Path screenshot(String name) {
    byte[] png = Base64.getDecoder().decode((String) inSession("GET", "/screenshot", null));
    try {
      Files.createDirectories(SCREENSHOTS);
      return Files.write(SCREENSHOTS.resolve(name + ".png"), png);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private Object devTools(String name, JsonObject parameters) {
    JsonObject body = new JsonObject().put("cmd", name).put("params", parameters);
    return inSession("POST", "/goog/cdp/execute", body);
  }

  private Object inSession(String method, String path, JsonObject body) {
    return command(method, "/session/" + session + path, body);
  }

  private Object command(String method, String path, JsonObject body) {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.encode());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(driver + path))
            .timeout(LIMIT)
            .method(method, publisher)
            .build();
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      Object value = new JsonObject(response.body()).getValue("value");
      if (response.statusCode() != 200) {
        throw new AssertionError(path + ": " + ((JsonObject) value).getString("message"));
      }
      return value;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    command("DELETE", "/session/" + session, null);
  }
}
