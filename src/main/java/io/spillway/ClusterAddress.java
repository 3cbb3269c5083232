package io.spillway;

import io.spillway.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.stream.Collectors;

/**
 * Whether the cluster can listen where it is told to. Looked at before it starts: Hazelcast and
 * Vert.x tell what is wrong with it in a page of stack traces, and name neither option nor key.
 */
final class ClusterAddress {
  private ClusterAddress() {}

  /**
   * Blocks, to look the name up.
   *
   * @param host as given to {@code -cluster-host}
   * @param port of {@code cluster.port}; 0 if there is none
   */
  static void check(String host, int port) throws ConfigException {
    InetAddress address = address(host);
    if (address.isAnyLocalAddress() || !isFree(address, 0)) {
      throw new ConfigException(
          "-cluster-host: is " + host + ", no address of this host; allowed: " + own());
    }
    if (!isFree(address, port)) {
      throw new ConfigException(
          "cluster.port: is " + port + ", which is in use on " + host + "; allowed: a free port");
    }
  }

  private static InetAddress address(String host) throws ConfigException {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException error) {
      throw new ConfigException(
          "-cluster-host: is " + host + ", a name without an address; allowed: " + own(), error);
    }
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException error) {
      return false;
    }
  }

  private static String own() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .map(address -> address.replaceFirst("%.*", ""))
          .sorted()
          .collect(Collectors.joining(", "));
    } catch (SocketException unknown) {
      return "an address of this host";
    }
  }
}
