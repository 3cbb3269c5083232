package io.spillway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spillway.message.Lines;
import io.spillway.wire.Wire;
import io.spillway.wire.WireException;
import io.spillway.wire.WireMessage;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.BatchMessage;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** As much of an edge as sends batches, keeps to the server's window and waits for its acks. */
final class EdgeClient implements AutoCloseable, FrameReader.Listener {
  private static final String EDGE = "bench";
  private static final String EPOCH = "0badcafe";
  private static final long LIMIT_MS = 30_000;

  private final RecordText text = new RecordText(EDGE, EPOCH);
  private final SocketChannel channel;
  private Welcome welcome;
  private long next;
  private long acknowledged;
  private long[] ackMicros = new long[1_024];
  private boolean over;

  EdgeClient(URI url) throws IOException {
    FrameReader reader = new FrameReader(this, true);
    channel = ClientSocket.open(url, Wire.SUBPROTOCOL, reader);
    Thread listener = new Thread(() -> listen(reader), "acks");
    listener.setDaemon(true);
    listener.start();
    send(Wire.encode(new Hello(EDGE, EPOCH, RecordText.FIRST)));
    synchronized (this) {
      awaitUntil(() -> welcome != null);
      next = welcome.next();
      acknowledged = next;
    }
  }

  /** Sends one batch, once the window has room for it. */
  void send(int records) throws IOException {
    synchronized (this) {
      long unacknowledgedMax = (long) (welcome.window() - 1) * records;
      awaitUntil(() -> next - acknowledged <= unacknowledgedMax);
    }
    byte[] lines = new byte[records * (text.length() + 1)];
    long now = RecordText.micros();
    int at = 0;
    for (int i = 0; i < records; i++) {
      at = text.write(lines, at, next + i, now);
      lines[at++] = '\n';
    }
    BatchMessage batch = new BatchMessage(next, new Lines(lines, records));
    synchronized (this) {
      next += records;
    }
    send(Wire.encode(batch));
  }

  /** Waits until all is acknowledged. */
  synchronized void settle() {
    awaitUntil(() -> next == acknowledged);
  }

  /** The number of the next record. */
  synchronized long next() {
    return next;
  }

  /** Records below this number have been acknowledged. */
  synchronized long acknowledged() {
    return acknowledged;
  }

  /** When a record was acknowledged, in {@link RecordText#micros}; one of the last 1,024. */
  synchronized long ackMicros(long number) {
    return ackMicros[(int) (number % ackMicros.length)];
  }

  private void send(String message) throws IOException {
    byte[] bytes = message.getBytes(UTF_8);
    write(ClientSocket.frame(ClientSocket.TEXT, bytes, bytes.length));
  }

  private void write(ByteBuffer frame) throws IOException {
    synchronized (channel) {
      ClientSocket.write(channel, frame);
    }
  }

  private void listen(FrameReader reader) {
    ByteBuffer in = ByteBuffer.allocate(65_536);
    try {
      while (channel.read(in.clear()) >= 0) {
        reader.read(in.flip());
      }
    } catch (IOException closed) {
      // By the server or by close(): who waits is told below.
    } finally {
      synchronized (this) {
        over = true;
        notifyAll();
      }
    }
  }

  @Override
  public synchronized void message(byte[] payload, int length) {
    long now = RecordText.micros();
    WireMessage message = decode(Arrays.copyOf(payload, length));
    if (message instanceof Welcome first) {
      welcome = first;
    } else if (message instanceof Ack ack) {
      for (long n = Math.max(acknowledged, ack.next() - ackMicros.length); n < ack.next(); n++) {
        ackMicros[(int) (n % ackMicros.length)] = now;
      }
      acknowledged = ack.next();
    } else {
      throw new IllegalStateException("not expected: " + message);
    }
    notifyAll();
  }

  private static WireMessage decode(byte[] text) {
    try {
      return Wire.decode(text);
    } catch (WireException error) {
      throw new IllegalStateException(error);
    }
  }

  @Override
  public void control(int opcode, byte[] payload, int length) {
    if (opcode == FrameReader.PING) {
      try {
        write(ClientSocket.frame(FrameReader.PONG, payload, length));
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  private synchronized void awaitUntil(BooleanSupplier there) {
    long deadline = System.nanoTime() + LIMIT_MS * 1_000_000;
    while (!there.getAsBoolean()) {
      long leftMs = (deadline - System.nanoTime()) / 1_000_000;
      if (over || leftMs <= 0) {
        throw new AssertionError(over ? "the server has closed" : "no answer from the server");
      }
      try {
        wait(leftMs);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", interrupted);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
