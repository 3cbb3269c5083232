package io.spillway.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A bad network between a client and a server on loopback: cut, half-open, deaf on one side, torn
 * in the middle of a frame or slow on demand.
 */
public final class TcpProxy implements AutoCloseable {
  /** Sees the bytes of one connection before they are passed on. */
  public interface Tap {
    void fromClient(byte[] bytes, int count);

    void fromServer(byte[] bytes, int count);
  }

  private static final Tap NO_TAP =
      new Tap() {
        @Override
        public void fromClient(byte[] bytes, int count) {}

        @Override
        public void fromServer(byte[] bytes, int count) {}
      };

  private final int targetPort;
  private final Supplier<Tap> taps;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Socket, Socket> clients = new ConcurrentHashMap<>();
  private volatile boolean refusing;
  private volatile boolean frozenToServer;
  private volatile boolean frozenToClient;
  private volatile boolean deaf;
  private volatile boolean mute;
  private volatile boolean tearing;
  private volatile int bytesPerSecond;
  private volatile boolean closed;
  private volatile long delayNanos;

  /** Passes everything on to loopback {@code targetPort}. */
  public TcpProxy(int targetPort) {
    this(targetPort, () -> NO_TAP);
  }

  /** With one {@code Tap} for each connection. */
  public TcpProxy(int targetPort, Supplier<Tap> taps) {
    this.targetPort = targetPort;
    this.taps = taps;
    try {
      listener = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    daemon("proxy-accept", this::accept);
  }

  /** Clients connect to this one. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Breaks all connections, and each new one until {@link #mend}. */
  public void cut() {
    refusing = true;
    breakAll();
  }

  /** Lets new connections through again. */
  public void mend() {
    deaf = false;
    mute = false;
    tearing = false;
    refusing = false;
  }

  /** Ends all connections in order, as a proxy that restarts. */
  public void finish() {
    open.forEach(TcpProxy::endOne);
    open.clear();
  }

  /** Servers read the end of what clients send, and can still answer. */
  public void halfClose() {
    clients.forEach(
        (client, server) -> {
          try {
            server.shutdownOutput();
          } catch (IOException alreadyGone) {
            // It could not send anything either.
          }
        });
  }

  /** The next that a client sends arrives by half, then everything breaks, until {@link #mend}. */
  public void tear() {
    tearing = true;
  }

  /** From now on what clients send is lost on the way, until {@link #mend}. */
  public void deafen() {
    deaf = true;
  }

  /** From now on what servers send is lost on the way, until {@link #mend}. */
  public void mute() {
    mute = true;
  }

  /** From now on it accepts, but passes nothing on: what a dead link looks like. */
  public void freeze() {
    frozenToServer = true;
    frozenToClient = true;
  }

  /** As above, in one direction. */
  public void freeze(boolean toServer) {
    frozenToServer |= toServer;
    frozenToClient |= !toServer;
  }

  /** Passes on what has waited, and everything again. */
  public void thaw() {
    frozenToServer = false;
    frozenToClient = false;
  }

  /** So many bytes a second in each direction of each connection; 0: as fast as it goes. */
  public void throttle(int bytes) {
    bytesPerSecond = bytes;
  }

  /** Each byte arrives this much later, in each direction; the rate is not limited. */
  public void delay(Duration oneWay) {
    delayNanos = oneWay.toNanos();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        if (refusing) {
          breakOne(client);
        } else {
          connect(client);
        }
      } catch (IOException over) {
        if (closed) {
          return;
        }
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server;
    try {
      server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
    } catch (IOException nobodyThere) {
      breakOne(client);
      return;
    }
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    open.add(client);
    open.add(server);
    clients.put(client, server);
    Tap tap = taps.get();
    pass(client, server, tap::fromClient, true);
    pass(server, client, tap::fromServer, false);
  }

  private interface Seen {
    void bytes(byte[] bytes, int count);
  }

  /** Bytes and when they are due; an empty array is the end. */
  private record Chunk(byte[] bytes, long dueNanos) {}

  private void pass(Socket from, Socket to, Seen seen, boolean toServer) {
    BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(4096);
    daemon("proxy-read", () -> read(from, onTheWay, seen, toServer));
    daemon("proxy-write", () -> write(from, to, onTheWay));
  }

  private void read(Socket from, BlockingQueue<Chunk> onTheWay, Seen seen, boolean toServer)
      throws IOException {
    try {
      byte[] bytes = new byte[65_536];
      InputStream in = from.getInputStream();
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        awaitThaw(toServer);
        if (from.isClosed()) {
          return; // cut while frozen: it was never passed on
        }
        seen.bytes(bytes, count);
        boolean torn = toServer && tearing;
        if (!(toServer ? deaf : mute)) {
          put(onTheWay, Arrays.copyOf(bytes, torn ? count / 2 : count));
        }
        if (torn) {
          return;
        }
      }
    } finally {
      put(onTheWay, new byte[0]);
    }
  }

  private void put(BlockingQueue<Chunk> onTheWay, byte[] bytes) {
    try {
      onTheWay.put(new Chunk(bytes, System.nanoTime() + delayNanos));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Socket from, Socket to, BlockingQueue<Chunk> onTheWay)
      throws IOException, InterruptedException {
    try {
      OutputStream out = to.getOutputStream();
      for (Chunk next = onTheWay.take(); next.bytes().length > 0; next = onTheWay.take()) {
        for (long left = left(next); left > 0; left = left(next)) {
          LockSupport.parkNanos(left);
        }
        out.write(next.bytes());
        int rate = bytesPerSecond;
        if (rate > 0) {
          LockSupport.parkNanos(next.bytes().length * 1_000_000_000L / rate);
        }
      }
    } finally {
      onTheWay.clear(); // a reader that waits for room must not wait for ever
      from.close();
      to.close();
      open.remove(from);
      open.remove(to);
      clients.remove(from);
      clients.remove(to);
    }
  }

  private static long left(Chunk chunk) {
    return chunk.dueNanos() - System.nanoTime();
  }

  private void awaitThaw(boolean toServer) {
    while ((toServer ? frozenToServer : frozenToClient) && !closed) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void breakAll() {
    open.forEach(TcpProxy::breakOne);
    open.clear();
  }

  private static void breakOne(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // a reset, not an orderly end
      socket.close();
    } catch (IOException alreadyGone) {
      // That was the aim.
    }
  }

  private static void endOne(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // That was the aim.
    }
  }

  private interface Body {
    void run() throws IOException, InterruptedException;
  }

  private static void daemon(String name, Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException broken) {
                // A connection ended; both its sockets are closed by the writers.
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    breakAll();
  }
}
