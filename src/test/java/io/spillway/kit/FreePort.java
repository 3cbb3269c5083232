package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free TCP ports, below those that the kernel gives to outgoing connections: a server that is
 * killed and started again must find its port free, and a client that retries meanwhile must not
 * end up connected to itself.
 */
public final class FreePort {
  private static final int FIRST = 12_000;
  private static final int LAST = 31_999;
  // Each fork of the tests has every eighth port: none is given by two of them.
  private static final int FORKS_MAX = 8;
  private static final int FORK =
      Integer.decode(System.getProperty("spillway.fork", "0")) % FORKS_MAX;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePort() {}

  /** A port that nobody listens on, on any address, and that was not given before. */
  public static synchronized int next() {
    while (true) {
      int block = ThreadLocalRandom.current().nextInt((LAST + 1 - FIRST) / FORKS_MAX);
      int port = FIRST + block * FORKS_MAX + FORK;
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(port));
      return probe.isBound();
    } catch (java.net.BindException taken) {
      return false;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
