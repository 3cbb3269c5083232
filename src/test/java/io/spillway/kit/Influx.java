package io.spillway.kit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An InfluxDB 1.6 of Debian on its own loopback ports, that can be killed and started again. */
public final class Influx {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Site site;
  private final Path dir;
  private final int port = FreePort.next();
  private final int backupPort = FreePort.next();
  private HttpClient client = HttpClient.newHttpClient();
  private Certificates certificates;
  private Proc proc;

  /** Not yet started. */
  public Influx(Site site) {
    this.site = site;
    this.dir = site.dir().resolve("influx");
  }

  /** Speaks only TLS, from the next start on. */
  public Influx tls(Certificates shown) {
    certificates = shown;
    client = HttpClient.newBuilder().sslContext(shown.trusting()).build();
    return this;
  }

  /** Starts it, or starts it again with what it had saved, and waits until it answers. */
  public Influx start() {
    try {
      Files.createDirectories(dir);
      Files.writeString(dir.resolve("influxdb.conf"), configuration());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    List<String> command = List.of("influxd", "run", "-config", "influxdb.conf");
    proc = site.own(Proc.start("influx", dir, Map.of(), command));
    Await.until("InfluxDB answers", LIMIT, this::answers);
    return this;
  }

  private boolean answers() throws IOException, InterruptedException {
    HttpRequest ping = HttpRequest.newBuilder(URI.create(url() + "/ping")).timeout(LIMIT).build();
    return client.send(ping, BodyHandlers.discarding()).statusCode() == 204;
  }

  private String configuration() {
    String tls =
        certificates == null
            ? ""
            : """
            https-enabled = true
            https-certificate = "%s"
            https-private-key = "%s"
            """
                .formatted(certificates.certificate(), certificates.key());
    return """
        reporting-disabled = true
        bind-address = "127.0.0.1:%d"
        [meta]
        dir = "%s/meta"
        [data]
        dir = "%s/data"
        wal-dir = "%s/wal"
        [http]
        bind-address = "127.0.0.1:%d"
        log-enabled = false
        """
            .formatted(backupPort, dir, dir, dir, port)
        + tls;
  }

  /** Makes a database. */
  public Influx createDatabase(String name) {
    ask("POST", "CREATE DATABASE \"" + name + "\"", "");
    return this;
  }

  /** The rows of the first series of an answer, each with its columns; times are in ms. */
  public JsonArray query(String database, String query) {
    JsonObject result = ask("GET", query, database).getJsonArray("results").getJsonObject(0);
    JsonArray series = result.getJsonArray("series", new JsonArray());
    return series.isEmpty() ? series : series.getJsonObject(0).getJsonArray("values");
  }

  private JsonObject ask(String method, String query, String database) {
    String uri = url() + "/query?epoch=ms&db=" + encoded(database) + "&q=" + encoded(query);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(LIMIT)
            .build();
    try {
      return new JsonObject(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** {@code kill -9}. */
  public Influx kill9() {
    proc.kill9();
    return this;
  }

  /** As in {@code sinks.influx.url}. */
  public String url() {
    return (certificates == null ? "http" : "https") + "://127.0.0.1:" + port;
  }

  /** The running server. */
  public Proc proc() {
    return proc;
  }
}
