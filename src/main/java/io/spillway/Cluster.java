package io.spillway;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import io.spillway.config.ClusterConfig;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;

/**
 * Hazelcast under the event bus, with everything said: by default it would take every address of
 * the host, join any stranger that it finds by multicast, and take a minute to notice a cut cable.
 */
final class Cluster {
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "hazelcast.heartbeat.interval.seconds", "1",
          "hazelcast.max.no.heartbeat.seconds", "8",
          "hazelcast.merge.first.run.delay.seconds", "5",
          "hazelcast.merge.next.run.delay.seconds", "5",
          "hazelcast.wait.seconds.before.join", "0",
          "hazelcast.phone.home.enabled", "false",
          "hazelcast.shutdownhook.enabled", "false",
          "hazelcast.logging.type", "slf4j");

  private Cluster() {}

  /** Only used when the process was started with {@code -cluster}. */
  static ClusterManager manager(ClusterConfig config, String host) {
    Config hazelcast = ConfigUtil.loadConfig();
    PROPERTIES.forEach(hazelcast::setProperty);
    if (config != null) {
      hazelcast.setClusterName(config.name());
      network(hazelcast.getNetworkConfig(), config, host == null ? "127.0.0.1" : host);
    }
    return new HazelcastClusterManager(hazelcast);
  }

  private static void network(NetworkConfig network, ClusterConfig config, String host) {
    network.setPort(config.port()).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface(host);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    config.members().forEach(join.getTcpIpConfig()::addMember);
  }
}
