package io.spillway.kit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The Node programs of {@code src/test/node}, installed once by {@code npm ci}. */
public final class NodeScript {
  private static final Path HOME = Site.PROJECT.resolve("src/test/node");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private NodeScript() {}

  /** The documented listener (the old edge), connected to its broker and subscribed. */
  public static Proc listener(
      Site site, Mosquitto broker, String topic, String wsUrl, String token) {
    return listener(site, broker, topic, wsUrl, token, Map.of());
  }

  /** As above, with {@code settings} such as {@code BATCH_MS} and {@code BATCH_MAX}. */
  public static Proc listener(
      Site site,
      Mosquitto broker,
      String topic,
      String wsUrl,
      String token,
      Map<String, String> settings) {
    Map<String, String> env = new HashMap<>(settings);
    env.put("BROKER_URL", broker.url());
    env.put("TOPIC", topic);
    env.put("WS_HOST", wsUrl);
    env.put("INGEST_TOKEN", token);
    Proc proc = start(site, "listener", env, "listener.mjs");
    proc.awaitLine("\\[MQTT\\] subscribed", LIMIT);
    return proc;
  }

  /** The documented server, listening; it writes {@code ingest.ndjson} in {@code outDir}. */
  public static Proc server(Site site, int port, Path outDir, String token) {
    Proc proc = start(site, "node-server", serverEnv(port, outDir, token), "server.mjs");
    proc.awaitLine("listening", LIMIT);
    return proc;
  }

  /**
   * A broadcaster of npm ws, listening: what a live hub is measured beside. {@code SIGUSR2} makes
   * it collect its garbage.
   *
   * @param corked whether it sends all records of a message in one write to each client
   */
  public static Proc broadcaster(Site site, int port, Path outDir, String token, boolean corked) {
    Map<String, String> env = new HashMap<>(serverEnv(port, outDir, token));
    env.put("CORK", corked ? "1" : "0");
    String name = corked ? "broadcaster-corked" : "broadcaster";
    Proc proc = start(site, name, env, "--expose-gc", "broadcaster.mjs");
    proc.awaitLine("listening", LIMIT);
    return proc;
  }

  private static Map<String, String> serverEnv(int port, Path outDir, String token) {
    return Map.of(
        "WS_PORT",
        "" + port,
        "WS_BIND",
        "127.0.0.1",
        "OUT_DIR",
        outDir.toString(),
        "INGEST_TOKEN",
        token);
  }

  /**
   * wscat with the given arguments, such as {@code -c ws://… -x text -w 2}: it prints what comes,
   * one message a line, and errors as {@code error: …}.
   */
  public static Proc wscat(Site site, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", HOME + "/node_modules/wscat/bin/wscat"));
    command.addAll(List.of(arguments));
    install();
    return site.own(Proc.start("wscat", site.dir(), Map.of(), command));
  }

  /**
   * aedes on a loopback port, listening. A line such as {@code 0 low/#} that is {@linkplain
   * Proc#type typed} is the highest QoS that it grants for a filter.
   */
  public static Proc broker(Site site, int port) {
    Proc proc = start(site, "aedes", Map.of("PORT", "" + port), "broker.mjs");
    proc.awaitLine("listening", LIMIT);
    return proc;
  }

  /**
   * The tests of {@code spillway.js} and of the live page, by Node's own test runner; ends with 0
   * if they pass.
   */
  public static Proc test(Site site) {
    String reporter = "--test-reporter=spec";
    return start(
        site, "node-test", Map.of(), "--test", reporter, "spillway.test.mjs", "page.test.mjs");
  }

  /** A subscriber with npm ws: it prints what comes, {@code websocket pong} and the close code. */
  public static Proc live(Site site, String url, long since, String... topics) {
    List<String> command =
        new ArrayList<>(List.of("node", HOME.resolve("live.mjs").toString(), url, "" + since));
    command.addAll(List.of(topics));
    install();
    return site.own(Proc.start("ws", site.dir(), Map.of(), command));
  }

  /**
   * MQTT.js over a WebSocket. It takes commands on its standard input, such as {@code sub 1 a/#},
   * and prints what happens.
   *
   * @param settings of MQTT.js, and {@code headers}, {@code ca} and {@code protocols} of the
   *     WebSocket
   */
  public static Proc mqtt(Site site, String url, JsonObject settings) {
    install();
    String script = HOME.resolve("mqtt.mjs").toString();
    List<String> command = List.of("node", script, url, settings.encode());
    return site.own(Proc.start("mqtt.js", site.dir(), Map.of(), command));
  }

  /** What runs {@code script}, whose packages are there. */
  static List<String> command(String script, String... arguments) {
    install();
    List<String> command = new ArrayList<>(List.of("node", HOME.resolve(script).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Proc start(Site site, String name, Map<String, String> env, String... script) {
    install();
    List<String> command = new ArrayList<>(List.of("node"));
    for (String argument : script) {
      command.add(argument.endsWith(".mjs") ? HOME.resolve(argument).toString() : argument);
    }
    return site.own(Proc.start(name, site.dir(), env, command));
  }

  /** {@code npm ci}, unless what the lock file asks for is already there. */
  private static synchronized void install() {
    Path turn = Site.PROJECT.resolve("target/npm.lock"); // the other fork may want the same
    try (FileChannel channel =
        FileChannel.open(turn, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until it is closed
      Path lock = HOME.resolve("package-lock.json");
      Path done = HOME.resolve("node_modules/.installed");
      String wanted = Files.readString(lock);
      if (Files.exists(done) && Files.readString(done).equals(wanted)) {
        return;
      }
      Proc npm =
          Proc.start(
              "npm",
              Site.PROJECT.resolve("target"),
              Map.of(),
              List.of("npm", "ci", "--prefix", HOME.toString()));
      if (npm.awaitExit(Duration.ofMinutes(5)) != 0) {
        throw new AssertionError("npm ci: " + npm.output());
      }
      Files.writeString(done, wanted);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
