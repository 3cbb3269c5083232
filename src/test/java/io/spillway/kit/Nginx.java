package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An nginx with the shipped {@code deploy/nginx/bridge.conf}; only ports and paths differ. */
public final class Nginx {
  private final Site site;
  private final Path dir;
  private final int upstreamPort;
  private final int port = FreePort.next();
  private int tlsPort;
  private Certificates certificates;
  private boolean webSocketsBlocked;
  private String replaced = "";
  private String replacement = "";
  private Proc proc;

  /** Not yet started. */
  public Nginx(Site site, int upstreamPort) {
    this.site = site;
    this.dir = site.dir().resolve("nginx");
    this.upstreamPort = upstreamPort;
  }

  /** Also listens with TLS, on {@link #tlsPort}. */
  public Nginx tls(Certificates with) {
    tlsPort = FreePort.next();
    certificates = with;
    return this;
  }

  /** Changes the shipped configuration where it says this. */
  public Nginx replace(String words, String others) {
    replaced = words;
    replacement = others;
    return this;
  }

  /** Checks the configuration with {@code nginx -t}, which must have nothing to say, and starts. */
  public Nginx start() {
    try {
      Files.createDirectories(dir.resolve("tmp"));
      Files.writeString(dir.resolve("nginx.conf"), main());
      Files.writeString(dir.resolve("bridge.conf"), bridge());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    Proc check = Proc.run("nginx-t", dir, Map.of(), command("-t"));
    if (check.exitCode() != 0 || check.output().matches("(?s).*\\[(warn|emerg|error)\\].*")) {
      throw new AssertionError("nginx -t: " + check.output());
    }
    proc = site.own(Proc.start("nginx", dir, Map.of(), command()));
    Await.until(
        "nginx answers",
        Duration.ofSeconds(20),
        () -> Http.get("http://127.0.0.1:" + port + "/healthz").status() == 200);
    return this;
  }

  /**
   * Answers WebSockets with 502, or no longer, as a proxy on the way that does not know them; those
   * that are open are cut.
   */
  public void blockWebSockets(boolean blocked) {
    webSocketsBlocked = blocked;
    int seen = proc.lineCount();
    try {
      Files.writeString(dir.resolve("bridge.conf"), bridge());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    proc.signal("HUP");
    proc.awaitLine(seen, "start worker process", Duration.ofSeconds(20));
  }

  private List<String> command(String... more) {
    Path debian = Path.of("/usr/sbin/nginx"); // not on the path of an ordinary user
    String nginx = Files.isExecutable(debian) ? debian.toString() : "nginx";
    List<String> command = new java.util.ArrayList<>(List.of(nginx, "-p", dir + "/"));
    command.addAll(List.of("-e", "stderr", "-c", "nginx.conf"));
    command.addAll(List.of(more));
    return command;
  }

  private String main() {
    boolean root = System.getProperty("user.name").equals("root");
    return String.join(
        "\n",
        root ? "user root;" : "",
        "daemon off;",
        "pid nginx.pid;",
        "error_log stderr notice;",
        "worker_shutdown_timeout 1s;",
        "worker_processes 1;",
        "events { worker_connections 1024; }",
        "http {",
        "  client_body_temp_path tmp/body;",
        "  proxy_temp_path tmp/proxy;",
        "  fastcgi_temp_path tmp/fastcgi;",
        "  uwsgi_temp_path tmp/uwsgi;",
        "  scgi_temp_path tmp/scgi;",
        "  include bridge.conf;",
        "}",
        "");
  }

  private String bridge() throws IOException {
    String text = Files.readString(Site.PROJECT.resolve("deploy/nginx/bridge.conf"));
    text = text.replace("listen 80 ", "listen " + port + " ");
    text = text.replace("listen [::]:80 ", "listen [::]:" + port + " ");
    text = text.replace("127.0.0.1:3006", "127.0.0.1:" + upstreamPort);
    text = text.replace("/var/log/nginx/", "");
    text = text.replace(replaced, replacement);
    if (webSocketsBlocked) {
      text = text.replace("location /ws {", "location /ws { return 502;");
    }
    if (certificates != null) {
      String tls =
          "listen %1$d ssl; listen [::]:%1$d ssl; ssl_certificate %2$s; ssl_certificate_key %3$s;"
              + " server_name _;";
      tls = tls.formatted(tlsPort, certificates.certificate(), certificates.key());
      text = text.replace("server_name _;", tls);
    }
    return text;
  }

  public int port() {
    return port;
  }

  public int tlsPort() {
    return tlsPort;
  }

  /** Where the access log of the shipped configuration goes. */
  public Path accessLog() {
    return dir.resolve("bridge.log");
  }

  public Proc proc() {
    return proc;
  }
}
