package io.spillway.chaos;

import io.spillway.kit.Broker;
import io.spillway.kit.MqttTap;
import io.spillway.kit.Publisher;
import io.spillway.kit.Site;
import io.spillway.kit.Spillway;
import io.spillway.kit.TcpProxy;
import io.spillway.kit.TinyDisk;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.util.List;

/**
 * One edge with both of its links, its disk, and two publishers: of numbered messages, some of them
 * long, and of messages that are all the same.
 */
final class Station implements AutoCloseable {
  private static final int DISK_MB = 96;
  private static final int LONG_EVERY = 21;
  private static final int LONG_BYTES = 4_000;

  final String name;
  final Site site;
  final MqttTap tap;
  final TcpProxy uplink;
  final TinyDisk disk;
  final Clock clock;
  final Spillway edge;
  final Publisher numbered;
  final Publisher equal;

  /** Not yet started. */
  Station(Site all, String name, Broker broker, int serverPort, Options options, ChaosLimits limits)
      throws IOException {
    this.name = name;
    site = Site.in(all.dir().resolve(name));
    tap = site.own(new MqttTap(broker));
    uplink = site.own(new TcpProxy(serverPort));
    edge =
        Spillway.edge(site, tap.url(), "ws://127.0.0.1:" + uplink.port() + "/ws")
            .set("edge.name", name)
            .set("edge.mqtt.clientId", name)
            .set("edge.mqtt.topics", topics(false))
            .set("edge.spool.dir", "disk/spool")
            .set("edge.uplink.ackTimeoutMs", 5_000);
    disk = site.tinyDisk("edge/disk", DISK_MB);
    clock = new Clock(edge, site.dir().resolve("clock"), limits.clocks());
    limits.edge(edge);
    if (options.jar() != null) {
      edge.jar(options.jar());
    }
    numbered = site.own(new Publisher(broker.port(), List.of(topic("a"), topic("b"), topic("c"))));
    numbered.longOnes(LONG_EVERY, LONG_BYTES);
    equal = site.own(new Publisher(broker.port(), List.of(topic("same"))));
    equal.always("{\"contact\":true}");
  }

  private String topic(String last) {
    return "test/" + name + "/" + last;
  }

  /** What the edge subscribes to; {@code more}: and to something else, on which nothing comes. */
  JsonArray topics(boolean more) {
    JsonArray topics = new JsonArray().add(topic("+"));
    return more ? topics.add("other/" + name) : topics;
  }

  @Override
  public void close() {
    site.close();
  }
}
