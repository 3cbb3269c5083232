package io.spillway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A plain client that brings records in at a steady rate: every 10 ms a JSON array, as the
 * documented Node listener sends them.
 */
final class RecordFeed implements AutoCloseable, FrameReader.Listener {
  private static final long STEP_NANOS = 10_000_000;
  private static final int BATCH_MAX = 500;

  /** Small, so that a server that does not keep up is felt here, and soon. */
  private static final int SEND_BUFFER_BYTES = 65_536;

  private final RecordText text = new RecordText("bench", "feed");
  private final byte[] batch = new byte[BATCH_MAX * (text.length() + 1) + 1];
  private final SocketChannel channel;
  private volatile long sent;
  private volatile boolean feeding;
  private Thread feeder;

  RecordFeed(URI url) throws IOException {
    FrameReader reader = new FrameReader(this, true);
    channel = ClientSocket.open(url, null, reader);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
    Thread listener = new Thread(() -> listen(reader), "feed-replies");
    listener.setDaemon(true);
    listener.start();
  }

  /** Begins to send; a rate that the server does not take is followed as well as it goes. */
  void start(int perSecond) {
    feeding = true;
    feeder = new Thread(() -> feed(perSecond), "feed");
    feeder.setDaemon(true);
    feeder.start();
  }

  /** Stops, and returns when the last record has been written. */
  void stop() throws InterruptedException {
    feeding = false;
    feeder.join();
  }

  /** Records sent so far. */
  long sent() {
    return sent;
  }

  private void feed(int perSecond) {
    long began = System.nanoTime();
    long first = sent;
    while (feeding) {
      long due = first + (System.nanoTime() - began) * perSecond / 1_000_000_000;
      while (sent < due && feeding) {
        send((int) Math.min(due - sent, BATCH_MAX));
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private void send(int count) {
    long number = RecordText.FIRST + sent;
    long now = RecordText.micros();
    int at = 0;
    for (int i = 0; i < count; i++) {
      batch[at] = (byte) (i == 0 ? '[' : ',');
      at = text.write(batch, at + 1, number + i, now);
    }
    batch[at++] = ']';
    write(ClientSocket.frame(ClientSocket.TEXT, batch, at));
    sent = number + count - RecordText.FIRST;
  }

  private synchronized void write(ByteBuffer frame) {
    try {
      ClientSocket.write(channel, frame);
    } catch (IOException error) {
      throw new UncheckedIOException("the server takes no more records", error);
    }
  }

  private void listen(FrameReader reader) {
    ByteBuffer in = ByteBuffer.allocate(8_192);
    try {
      while (channel.read(in.clear()) >= 0) {
        reader.read(in.flip());
      }
    } catch (IOException over) {
      feeding = false; // closed by the server or by close()
    }
  }

  @Override
  public void message(byte[] payload, int length) {
    throw new IllegalStateException("not expected: " + new String(payload, 0, length, UTF_8));
  }

  @Override
  public void control(int opcode, byte[] payload, int length) {
    if (opcode == FrameReader.PING) {
      write(ClientSocket.frame(FrameReader.PONG, payload, length));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
