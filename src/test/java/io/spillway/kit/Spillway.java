package io.spillway.kit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One installation of Spillway: a directory, a configuration and a process of the real jar, which
 * can be killed and started again in the same place.
 */
public final class Spillway {
  /** Names that the product reads from the environment; never inherited by a test's process. */
  public static final Set<String> ENVIRONMENT_NAMES =
      Set.of(
          "BROKER_URL",
          "TOPIC",
          "WS_HOST",
          "INGEST_TOKEN",
          "WS_PORT",
          "OUT_DIR",
          "PORT",
          "RABBITMQ_URL",
          "RABBITMQ_EXCHANGE",
          "ALLOWED_ORIGINS",
          "JAVA_TOOL_OPTIONS");

  /** The token of every test server. */
  public static final String TOKEN = "test-token-0123456789";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Path JAR =
      Path.of(System.getProperty("spillway.jar", "target/bridge-fat.jar")).toAbsolutePath();
  private static final List<String> SMALL_JVM = smallJvm();

  private final Site site;
  private final String name;
  private final Path dir;
  private final JsonObject conf;
  private final Map<String, String> env = new HashMap<>();
  private final List<String> jvm = new ArrayList<>(SMALL_JVM);
  private final List<String> arguments = new ArrayList<>();
  private Path jar = JAR;
  private Proc proc;

  /** With the classes mapped and not parsed, which takes a third off what a start costs. */
  private static List<String> smallJvm() {
    List<String> flags =
        new ArrayList<>(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    Proc archive =
        Proc.run(
            "class-archive",
            Site.PROJECT.resolve("target"),
            Map.of("JAVA", JAVA),
            List.of(Site.PROJECT.resolve("scripts/class-archive").toString(), JAR.toString()));
    archive.lines().stream().filter(line -> line.startsWith("-XX:")).forEach(flags::add);
    return List.copyOf(flags);
  }

  private Spillway(Site site, String name, JsonObject conf) {
    this.site = site;
    this.name = name;
    this.dir = site.dir().resolve(name);
    this.conf = conf;
  }

  /** With any configuration; not yet started. */
  public static Spillway of(Site site, String name, JsonObject conf) {
    return new Spillway(site, name, conf);
  }

  /** A server on a free loopback port with the token {@link #TOKEN}; not yet started. */
  public static Spillway server(Site site) {
    JsonObject token = new JsonObject().put("name", "edges").put("secret", TOKEN);
    JsonObject server =
        new JsonObject()
            .put("host", "127.0.0.1")
            .put("port", FreePort.next())
            .put("tokens", new JsonArray().add(token.put("role", "ingest")))
            .put("journal", new JsonObject().put("dir", "data"));
    return of(site, "server", new JsonObject().put("server", server));
  }

  /**
   * An edge named {@code edge} that carries {@code test/#} from {@code mqttUrl} to {@code wsUrl};
   * not yet started. It sends quickly and reconnects quickly, so that tests do not wait.
   */
  public static Spillway edge(Site site, String mqttUrl, String wsUrl) {
    JsonObject mqtt =
        new JsonObject()
            .put("url", mqttUrl)
            .put("topics", new JsonArray().add("test/#"))
            .put("clientId", "spillway-edge");
    JsonObject uplink =
        new JsonObject()
            .put("url", wsUrl)
            .put("token", TOKEN)
            .put("reconnectMs", 300)
            .put("reconnectMaxMs", 2000);
    JsonObject edge =
        new JsonObject()
            .put("name", "edge")
            .put("mqtt", mqtt)
            .put("spool", new JsonObject().put("dir", "spool"))
            .put("batch", new JsonObject().put("intervalMs", 50))
            .put("uplink", uplink);
    return of(site, "edge", new JsonObject().put("edge", edge));
  }

  /**
   * An edge, and in the same process the server on {@code serverPort} that {@code wsUrl} leads to:
   * one process to kill, and one place where all metrics are; not yet started.
   */
  public static Spillway edgeAndServer(Site site, String mqttUrl, String wsUrl, int serverPort) {
    JsonObject token = new JsonObject().put("name", "edges").put("secret", TOKEN);
    return edge(site, mqttUrl, wsUrl)
        .set("server.host", "127.0.0.1")
        .set("server.port", serverPort)
        .set("server.tokens", new JsonArray().add(token.put("role", "ingest")))
        .set("server.journal.dir", "data");
  }

  /** From the broker straight to {@code server}. */
  public static Spillway edge(Site site, Mosquitto broker, Spillway server) {
    return edge(site, broker.url(), server.wsUrl());
  }

  /** Sets one value; {@code path} as in {@code edge.batch.intervalMs}. */
  public Spillway set(String path, Object value) {
    String[] keys = path.split("\\.", -1);
    JsonObject section = conf;
    for (int i = 0; i < keys.length - 1; i++) {
      JsonObject inner = section.getJsonObject(keys[i]);
      if (inner == null) {
        inner = new JsonObject();
        section.put(keys[i], inner);
      }
      section = inner;
    }
    section.put(keys[keys.length - 1], value);
    return this;
  }

  /** Adds to its environment. */
  public Spillway env(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  /** Adds a JVM flag. */
  public Spillway jvm(String flag) {
    jvm.add(flag);
    return this;
  }

  /** These JVM flags and no others. */
  public Spillway onlyJvm(List<String> flags) {
    jvm.clear();
    jvm.addAll(flags);
    return this;
  }

  /** This jar, and not the one that was built. */
  public Spillway jar(Path other) {
    jar = other.toAbsolutePath();
    return this;
  }

  /** Adds arguments behind {@code -conf conf.json}. */
  public Spillway arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Starts it, or starts it again, and waits until all its roles run. */
  public Spillway start() {
    launch();
    proc.awaitLine("\\bstarted\\b", START_LIMIT);
    return this;
  }

  /** Writes what was {@link #set} into the file that the running process watches. */
  public Spillway rewrite() {
    try {
      Files.createDirectories(dir);
      Files.writeString(dir.resolve("conf.json"), conf.encodePrettily());
      return this;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Starts it and does not wait. */
  public Proc launch() {
    rewrite();
    List<String> command = java(jar, jvm, "-conf", "conf.json");
    command.addAll(arguments);
    proc = site.own(Proc.start(name, dir, env, command));
    return proc;
  }

  private static List<String> java(Path jar, List<String> flags, String... more) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(more));
    return command;
  }

  /** The command that runs the jar with these arguments. */
  public static List<String> command(String... arguments) {
    return java(JAR, SMALL_JVM, arguments);
  }

  /**
   * The jar with any arguments in an own directory, not yet ended. Ctrl-C ends it, as from a
   * terminal: where tests run in the background it would be ignored.
   */
  public static Proc launch(Site site, String name, Map<String, String> env, String... arguments) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(command(arguments));
    return site.own(Proc.start(name, site.dir().resolve(name), env, command));
  }

  /** {@code verify} of a journal directory, run to its end. */
  public static Proc verify(Site site, Path journal) {
    return Proc.run(
        "verify",
        site.dir().resolve("verify"),
        Map.of(),
        java(JAR, SMALL_JVM, "verify", journal.toString()));
  }

  /** {@code kill -9}. */
  public Spillway kill9() {
    proc.kill9();
    return this;
  }

  /** {@code kill -9} and a start in the same place. */
  public Spillway crash() {
    return kill9().start();
  }

  /** SIGTERM, and its exit code. */
  public int terminate() {
    return proc.term().awaitExit(Duration.ofSeconds(60));
  }

  /** The process started last. */
  public Proc proc() {
    return proc;
  }

  /** Its working directory. */
  public Path dir() {
    return dir;
  }

  /** Its configuration, to be changed between starts. */
  public JsonObject conf() {
    return conf;
  }

  /** Port of a server. */
  public int port() {
    return conf.getJsonObject("server").getInteger("port");
  }

  /** Where an edge connects to this server. */
  public String wsUrl() {
    return "ws://127.0.0.1:" + port() + "/ws";
  }

  /** Base of this server's HTTP routes. */
  public String httpUrl() {
    return "http://127.0.0.1:" + port();
  }

  /** A counter of this server's {@code /metrics}, of this process; 0 when it is not there. */
  public int metric(String name) {
    Pattern value = Pattern.compile("(?m)^" + name + "(?:\\{.*})? ([0-9.Ee+]+)$");
    try {
      Matcher line = value.matcher(Http.get(httpUrl() + "/metrics").body());
      return line.find() ? (int) Double.parseDouble(line.group(1)) : 0;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** What this server has stored. */
  public Ndjson stored() {
    JsonObject journal = conf.getJsonObject("server").getJsonObject("journal");
    return new Ndjson(dir.resolve(journal.getString("dir")));
  }

  /** Where {@link #stored} is. */
  public Path dataDir() {
    return dir.resolve(conf.getJsonObject("server").getJsonObject("journal").getString("dir"));
  }

  /** Where this edge keeps its spool. */
  public Path spoolDir() {
    return dir.resolve(conf.getJsonObject("edge").getJsonObject("spool").getString("dir"));
  }
}
