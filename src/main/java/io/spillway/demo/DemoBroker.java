package io.spillway.demo;

import io.spillway.net.Loopback;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.server.RemotingService;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real MQTT broker in this process, on loopback only and in memory only.
 *
 * <p>Each of its ports speaks MQTT over TCP and, with the subprotocol {@code mqtt}, over WebSocket.
 */
public final class DemoBroker extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(DemoBroker.class);
  private static final String HOST = "127.0.0.1";

  /** How often a free port is looked for that is free on every address. */
  private static final int TRIES = 10;

  private static final String MQTT = "mqtt";
  private static final String WEB_SOCKET = "websocket";

  private final int wantedPort;
  private final int wantedWebSocketPort;
  private int preferredPort;
  private int preferredWebSocketPort;
  private Path pages;
  private EmbeddedActiveMQ broker;
  private volatile int port;
  private int webSocketPort;

  /**
   * @param port for MQTT; 0 takes any free port
   * @param webSocketPort a second port for MQTT over WebSocket; the same number as {@code port}
   *     means that one port serves both
   */
  public DemoBroker(int port, int webSocketPort) {
    this.wantedPort = port;
    this.wantedWebSocketPort = webSocketPort;
    this.preferredPort = port;
    this.preferredWebSocketPort = webSocketPort;
  }

  /**
   * A broker on the ports it wants or, if one is taken, for example by a broker that the system
   * starts by itself, on any free one; it says so.
   */
  public static DemoBroker preferring(int port, int webSocketPort) {
    DemoBroker broker =
        new DemoBroker(isFree(port) ? port : 0, isFree(webSocketPort) ? webSocketPort : 0);
    broker.preferredPort = port;
    broker.preferredWebSocketPort = webSocketPort;
    return broker;
  }

  /** Fails with one line that names the port and the cure when a port is taken. */
  @Override
  public Future<?> start() {
    return Blocking.run(vertx, this::open)
        .onSuccess(
            opened -> {
              log.info("demo broker: mqtt://{}:{}, WebSocket {}", HOST, port, webSocketUrl());
              warnIfElsewhere(preferredPort, port, "MQTT", "mosquitto_pub -p " + port);
              warnIfElsewhere(
                  preferredWebSocketPort, webSocketPort, "MQTT over WebSocket", webSocketUrl());
            });
  }

  private static void warnIfElsewhere(int preferred, int actual, String what, String use) {
    if (preferred != 0 && preferred != actual) {
      log.warn(
          "port {} is taken by another program (another MQTT broker?), so the demo has {} on port"
              + " {}: use {}, or stop the other program and start again",
          preferred,
          what,
          actual,
          use);
    }
  }

  @Override
  public Future<?> stop() {
    return Blocking.run(
        vertx,
        () -> {
          close();
          return null;
        });
  }

  /** The port that MQTT is really on, once started. */
  public int port() {
    return port;
  }

  /** The port that MQTT over WebSocket is really on, once started. */
  public int webSocketPort() {
    return webSocketPort;
  }

  private String webSocketUrl() {
    return "ws://" + HOST + ":" + webSocketPort;
  }

  private synchronized Void open() throws Exception {
    requireFree(wantedPort, "broker.port");
    requireFree(wantedWebSocketPort, "broker.webSocketPort");
    broker = new EmbeddedActiveMQ().setConfiguration(configuration());
    try {
      broker.start();
      port = listen(MQTT, wantedPort, TRIES);
      webSocketPort = onePort() ? port : listen(WEB_SOCKET, wantedWebSocketPort, TRIES);
    } catch (Exception error) {
      close();
      throw error;
    }
    return null;
  }

  private synchronized void close() throws Exception {
    if (broker != null) {
      broker.stop();
      broker = null;
    }
    if (pages != null) {
      try (Stream<Path> left = Files.walk(pages)) {
        left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
      pages = null;
    }
  }

  private boolean onePort() {
    return wantedPort == wantedWebSocketPort;
  }

  private Configuration configuration() throws Exception {
    ConfigurationImpl configuration = new ConfigurationImpl();
    configuration.setName("spillway-demo");
    configuration.setPersistenceEnabled(false);
    configuration.setSecurityEnabled(false);
    configuration.setJMXManagementEnabled(false);
    pages = Files.createTempDirectory("spillway-demo-broker");
    configuration.setPagingDirectory(pages.toString()); // what a slow client has not taken yet
    configuration.setMaxDiskUsage(-1); // or a disk nearly full would stop a broker that has no disk
    return configuration;
  }

  /** Opens one port on every address of loopback; 0 takes any that is free on all of them. */
  private int listen(String name, int wanted, int tries) throws Exception {
    RemotingService acceptors = broker.getActiveMQServer().getRemotingService();
    int bound = wanted;
    try {
      for (String address : Loopback.addresses()) {
        bound = accept(acceptors, name + ' ' + address, address, bound);
      }
      return bound;
    } catch (IOException taken) {
      if (wanted != 0 || tries <= 1) {
        throw taken;
      }
      for (String address : Loopback.addresses()) {
        acceptors.destroyAcceptor(name + ' ' + address);
      }
      return listen(name, wanted, tries - 1);
    }
  }

  // Artemis only logs that it could not listen, and runs on without the port.
  private static int accept(RemotingService acceptors, String name, String address, int wanted)
      throws Exception {
    String host = address.contains(":") ? '[' + address + ']' : address;
    Acceptor acceptor =
        acceptors.createAcceptor(
            name,
            "tcp://" + host + ":" + wanted + "?protocols=MQTT;useEpoll=false;useKQueue=false");
    acceptor.start();
    if (acceptor instanceof NettyAcceptor listening
        && listening.isStarted()
        && listening.getActualPort() > 0) {
      return listening.getActualPort();
    }
    throw new IOException("the demo broker could not listen on " + host + ":" + wanted);
  }

  private static void requireFree(int port, String key) throws IOException {
    if (!isFree(port)) {
      throw new IOException(
          "port "
              + port
              + " on loopback is taken, so the demo broker cannot start: stop what listens there"
              + " (another MQTT broker?) or set "
              + key
              + " to a free port");
    }
  }

  private static boolean isFree(int port) {
    return Loopback.addresses().stream().allMatch(address -> isFree(address, port));
  }

  private static boolean isFree(String address, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
