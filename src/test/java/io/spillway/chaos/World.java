package io.spillway.chaos;

import io.spillway.kit.Broker;
import io.spillway.kit.Http;
import io.spillway.kit.Mosquitto;
import io.spillway.kit.Nginx;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TinyDisk;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Broker, stations, nginx, server and readers, all of them running when it is made. */
final class World {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LIVE_TOKEN = "live-token-0123456789";
  private static final int SERVER_DISK_MB = 1024;
  private static final int READERS = 2;
  final Site site;
  final Broker broker;
  final Spillway server;
  final TinyDisk serverDisk;
  final Clock serverClock;
  final List<Station> stations = new ArrayList<>();
  final List<LiveReader> readers = new ArrayList<>();
  private final Counters doubles = new Counters();

  World(Site site, Options options, ChaosLimits limits) throws IOException {
    this.site = site;
    broker = options.broker().in(site);
    if (broker instanceof Mosquitto mosquitto && !options.brokerEnds()) {
      mosquitto.with(
          "autosave_interval", "30"); // at each change, with a backlog, it does nothing else
      mosquitto.with("autosave_on_changes", "false");
    }
    broker.start();
    server = Spillway.server(site).set("server.journal.dir", "disk/data");
    server.set("server.tokens", tokens(false));
    serverDisk = site.tinyDisk("server/disk", SERVER_DISK_MB);
    serverClock = new Clock(server, site.dir().resolve("server-clock"), limits.clocks());
    limits.server(server);
    if (options.jar() != null) {
      server.jar(options.jar());
    }
    server.start();
    int nginx = new Nginx(site, server.port()).start().port();
    for (int i = 1; i <= options.edges(); i++) {
      stations.add(site.own(new Station(site, "edge" + i, broker, nginx, options, limits)));
    }
    for (Station station : stations) {
      station.edge.start().proc().awaitLine("\\[mqtt\\] subscribed", SOON);
    }
    for (int i = 0; i < READERS; i++) {
      readers.add(site.own(new LiveReader(server.wsUrl() + "?token=" + LIVE_TOKEN)));
    }
  }

  /** With another one for nobody, if {@code more}. */
  JsonArray tokens(boolean more) {
    JsonArray tokens =
        new JsonArray()
            .add(token("edges", Spillway.TOKEN, "ingest"))
            .add(token("readers", LIVE_TOKEN, "live"));
    return more ? tokens.add(token("more", "more-token-0123456789", "ingest")) : tokens;
  }

  /** Notes what the edges count, before a restart begins anew with it. */
  void sample() {
    try {
      JsonObject all =
          new JsonObject(Http.get(server.httpUrl() + "/api/pipeline?token=" + LIVE_TOKEN).body());
      for (JsonObject edge : objects(all.getJsonArray("edges"))) {
        for (JsonObject stage : objects(edge.getJsonArray("stages"))) {
          JsonObject counters = stage.getJsonObject("counters", new JsonObject());
          doubles.rise(
              edge.getString("edge") + stage.getString("stage"),
              counters.getLong("possibleDuplicates", 0L));
        }
      }
    } catch (IOException | DecodeException away) {
      // Next time.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array == null ? List.of() : array.stream().map(JsonObject.class::cast).toList();
  }

  /** What the edges were seen to count as possibly stored twice; what a kill took is not in it. */
  int possiblyDouble() {
    sample();
    return (int) doubles.sum();
  }

  private static JsonObject token(String name, String secret, String role) {
    return new JsonObject().put("name", name).put("secret", secret).put("role", role);
  }

  /** The station of this name. */
  Station station(String name) {
    return stations.stream().filter(one -> one.name.equals(name)).findFirst().orElseThrow();
  }

  /** What is on disks that end with the run is to stay. */
  void keepDisks() {
    serverDisk.keep(site.dir().resolve("server/kept"));
    for (Station station : stations) {
      station.disk.keep(station.site.dir().resolve("edge/kept"));
    }
  }

  /** All messages begin to flow. */
  void begin(ChaosLimits limits) {
    for (Station station : stations) {
      station.numbered.begin(limits.perSecond());
      station.equal.begin(Math.max(1, limits.perSecond() / 5));
    }
  }

  /** No more messages; all that the broker could acknowledge is acknowledged. */
  void end() {
    for (Station station : stations) {
      station.numbered.end();
      station.equal.end();
      station.numbered.awaitAcknowledged();
      station.equal.awaitAcknowledged();
    }
  }
}
