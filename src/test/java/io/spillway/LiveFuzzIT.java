package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Depth;
import io.spillway.kit.Feed;
import io.spillway.kit.Fuzz;
import io.spillway.kit.Http;
import io.spillway.kit.RawSocket;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.Watcher;
import io.spillway.kit.Watchers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The live hub among clients that send nonsense")
class LiveFuzzIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SESSIONS = Depth.of(150, 1_000);
  private static final int MESSAGES = 10;

  @RegisterExtension final Site site = new Site();

  @Test
  @DisplayName(
      "bears thousands of wrong frames and commands: nobody else notices, nothing stays behind")
  void nonsense() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("LiveFuzzIT.nonsense: seed " + seed);
    Spillway server =
        Spillway.server(site)
            .set("server.live.anonymous", true)
            .jvm("-Dio.netty.leakDetection.level=paranoid")
            .start();
    Watchers watchers = site.own(new Watchers());
    Watcher watcher = watchers.open(server.wsUrl());
    Feed feed = site.own(Feed.into(server).rate(200));
    Fuzz fuzz = new Fuzz(seed);
    for (int i = 0; i < SESSIONS; i++) {
      attack(server.port(), fuzz, i % 3 > 0);
    }
    long end = feed.end();
    watcher.awaitOffset(end, SOON);

    LiveLoadIT.assertComplete(List.of(watcher), 1, end);
    feed.close();
    Await.until("all have gone", SOON, () -> health(server).getInteger("connectedClients") == 1);
    assertThat(health(server).getString("status")).isEqualTo("ok");
    assertThat(watcher.send("{\"type\":\"ping\"}").await("pong")).isNotNull();
    assertThat(server.proc().output()).doesNotContain("LEAK", "Exception", "Unhandled");
  }

  /** One connection of the attacker; the server may close it at any time. */
  private static void attack(int port, Fuzz fuzz, boolean waits) throws IOException {
    try (RawSocket socket = new RawSocket(port, "/ws?topics=none")) {
      try {
        fuzz.session(socket, MESSAGES);
        if (waits) {
          socket.drain();
        }
      } catch (java.net.SocketException closedByServer) {
        // That is what it is to do.
      }
    }
  }

  private static JsonObject health(Spillway server) throws Exception {
    return new JsonObject(Http.get(server.httpUrl() + "/health").body());
  }
}
