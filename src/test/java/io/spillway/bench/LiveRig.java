package io.spillway.bench;

import io.spillway.kit.FreePort;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The servers of the live scenarios, in a directory of their own. */
final class LiveRig implements AutoCloseable {
  private static final String LIVE_TOKEN = "live-token-0123456789";
  private static final int CONNECTIONS_MAX = 20_000;
  private static final List<String> FLAGS =
      List.of("@" + Site.PROJECT + "/scripts/java-flags-server");

  private final Site site;

  LiveRig(String name) throws IOException {
    site = Site.in(Site.PROJECT.resolve("target/bench").resolve(name));
  }

  /** Ends {@code thing} with the servers. */
  <T extends AutoCloseable> T own(T thing) {
    return site.own(thing);
  }

  /** Our server with the flags of {@code make run-server}, running. */
  LiveContender spillway() {
    Spillway server =
        Spillway.server(site)
            .onlyJvm(FLAGS)
            .set("server.journal.segmentBytes", 10L << 30)
            .set("server.limits.connections", CONNECTIONS_MAX)
            .set("server.limits.connectionsPerIp", CONNECTIONS_MAX);
    JsonObject token = new JsonObject().put("name", "pages").put("secret", LIVE_TOKEN);
    server.conf().getJsonObject("server").getJsonArray("tokens").add(token.put("role", "live"));
    server.start();
    return new LiveContender(
        "spillway",
        server.proc(),
        server.wsUrl(),
        Spillway.TOKEN,
        LIVE_TOKEN,
        () -> collect(server.proc()));
  }

  /** The broadcaster of npm ws, running; with {@code corked} it writes once for many records. */
  LiveContender node(boolean corked) {
    int port = FreePort.next();
    Path out = site.dir().resolve(corked ? "corked-data" : "node-data");
    Proc proc = NodeScript.broadcaster(site, port, out, Spillway.TOKEN, corked);
    return new LiveContender(
        corked ? "node ws, corked by hand" : "node ws",
        proc,
        "ws://127.0.0.1:" + port + "/ws",
        Spillway.TOKEN,
        LIVE_TOKEN,
        () -> proc.signal("USR2"));
  }

  /** Ours and the other; only the other with {@code BENCH_ONLY=node}. */
  List<LiveContender> contenders() {
    return withSpillway() ? List.of(spillway(), node(false)) : List.of(node(false));
  }

  /** Whether ours is measured. */
  static boolean withSpillway() {
    return !"node".equals(System.getenv("BENCH_ONLY"));
  }

  private void collect(Proc jvm) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Proc run = Proc.run("jcmd", site.dir(), Map.of(), List.of(jcmd, "" + jvm.pid(), "GC.run"));
    if (run.exitCode() != 0) {
      throw new AssertionError("jcmd: " + run.output());
    }
  }

  @Override
  public void close() {
    site.close();
  }
}
