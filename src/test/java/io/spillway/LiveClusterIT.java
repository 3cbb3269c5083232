package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Await;
import io.spillway.kit.Feed;
import io.spillway.kit.FreePort;
import io.spillway.kit.Proc;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.Watcher;
import io.spillway.kit.Watchers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The live hubs of two servers in a cluster")
class LiveClusterIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Site site = new Site().allowingTraces(); // Hazelcast's, at the end

  @Test
  @DisplayName("show each other's records without an offset, and their own with one")
  void both() {
    int port = FreePort.next();
    int otherPort = FreePort.next();
    JsonArray members = new JsonArray().add("127.0.0.1:" + port).add("127.0.0.1:" + otherPort);
    Spillway one = member("one", port, members);
    Spillway other = member("other", otherPort, members);
    Proc second = other.launch();
    one.start();
    second.awaitLine("\\bstarted\\b", SOON);
    Watchers watchers = site.own(new Watchers());
    Watcher atOne = watchers.open(one.wsUrl());
    Watcher atOther = watchers.open(other.wsUrl());

    site.own(feed(one, "one").rate(300));
    site.own(feed(other, "other").rate(300));
    Await.until(
        () -> "both see both: " + atOne.count() + "+" + atOne.without(),
        SOON,
        () ->
            Math.min(atOne.without(), atOther.without()) > 1_000
                && Math.min(atOne.count(), atOther.count()) > 1_000);

    for (Watcher watcher : List.of(atOne, atOther)) {
      assertThat(watcher.faults()).isEmpty();
      assertThat(watcher.first()).isEqualTo(1);
      assertThat(watcher.count()).isEqualTo(watcher.last());
    }
  }

  private static Feed feed(Spillway server, String name) {
    return new Feed(server.wsUrl() + "?token=" + Spillway.TOKEN, name, 0);
  }

  private Spillway member(String name, int port, JsonArray members) {
    String cluster = "spillway-live-" + members.getString(0).replaceAll(".*:", "");
    JsonObject section =
        new JsonObject().put("name", cluster).put("port", port).put("members", members);
    JsonObject server = Spillway.server(site).conf().getJsonObject("server");
    JsonObject conf = new JsonObject().put("cluster", section).put("server", server);
    return Spillway.of(site, name, conf)
        .set("server.live.anonymous", true)
        .arguments("-cluster", "-cluster-host", "127.0.0.1");
  }
}
