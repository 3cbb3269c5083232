package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Feed;
import io.spillway.kit.FreePort;
import io.spillway.kit.NodeScript;
import io.spillway.kit.Proc;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The live hub, watched with the programs that people have")
class LiveClientsIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName("of the demo answers curl and wscat as the documents show")
  void documented() throws IOException {
    int port = FreePort.next();
    Path dir = Files.createDirectories(site.dir().resolve("demo"));
    String conf = Files.readString(Path.of("src/main/resources/conf/demo.json"));
    int broker = FreePort.next();
    Files.writeString(
        dir.resolve("conf.json"),
        conf.replace("1883", "" + broker)
            .replace("9001", "" + FreePort.next())
            .replace("3006", "" + port));
    Proc demo = Spillway.launch(site, "demo", Map.of("PORT", "" + port), "-conf", "conf.json");
    demo.awaitLine("\\bstarted\\b", SOON);

    Proc wscat =
        NodeScript.wscat(
            site, "-c", "ws://localhost:" + port, "-x", "{\"type\":\"ping\"}", "-w", "4");
    assertThat(new JsonObject(wscat.awaitLine("\"pong\"", SOON)).getString("timestamp"))
        .isNotBlank();
    JsonObject greeting = new JsonObject(wscat.awaitLine("\"connection\"", SOON));
    assertThat(greeting.getString("clientId")).isNotBlank();
    JsonObject record = new JsonObject(wscat.awaitLine("\"_offset\"", SOON));
    assertThat(record.getString("type")).isEqualTo("measurement");

    JsonObject health = curl("http://localhost:" + port + "/health");
    assertThat(health.getString("status")).isEqualTo("ok");
    assertThat(health.getInteger("connectedClients")).isPositive();
    assertThat(health.getString("timestamp")).endsWith("Z");
    JsonObject stats = curl("http://localhost:" + port + "/ws/stats");
    assertThat(stats.getInteger("active_connections")).isEqualTo(1);
    assertThat(stats.getJsonObject("subscriptions").fieldNames())
        .contains("measurements", "predictions", "actions", "alerts", "modules", "all");
    assertThat(stats.getJsonObject("subscriptions").getInteger("all")).isEqualTo(1);
    assertThat(wscat.awaitExit(SOON)).isZero();
  }

  private JsonObject curl(String url) {
    return new JsonObject(
        Proc.run("curl", site.dir(), Map.of(), List.of("curl", "-sS", url)).lines().get(0));
  }

  @Test
  @DisplayName("shows npm ws history and live records, pongs, and why it is closed")
  void npmWs() {
    Spillway server = Spillway.server(site).set("server.live.anonymous", true).start();
    Feed feed = site.own(Feed.into(server)).send(500);
    watched(server, feed, NodeScript.live(site, server.wsUrl(), 101, "measurements", "a/#"));
  }

  @Test
  @DisplayName("shows Python's websockets history and live records, pongs, and why it is closed")
  void pythonWebsockets() {
    Spillway server = Spillway.server(site).set("server.live.anonymous", true).start();
    Feed feed = site.own(Feed.into(server)).send(500);
    List<String> command =
        List.of(
            "/usr/bin/python3",
            Site.PROJECT.resolve("src/test/python/live.py").toString(),
            server.wsUrl(),
            "101",
            "measurements");
    watched(server, feed, site.own(Proc.start("python", site.dir(), Map.of(), command)));
  }

  private static void watched(Spillway server, Feed feed, Proc client) {
    client.awaitLine("\"_offset\":500}", SOON);
    client.awaitLine("\"pong\"", SOON);
    client.awaitLine("websocket pong", SOON);
    feed.send(500);
    client.awaitLine("\"_offset\":1000}", SOON);
    List<Long> offsets =
        client.lines().stream()
            .filter(line -> line.contains("\"_offset\""))
            .map(line -> new JsonObject(line).getLong("_offset"))
            // Before it subscribed it was on all; nothing was stored then.
            .toList();
    assertThat(offsets).hasSize(900).isSorted().doesNotHaveDuplicates().startsWith(101L);
    server.terminate();
    assertThat(client.awaitLine("^closed", SOON)).isEqualTo("closed 1001");
  }
}
