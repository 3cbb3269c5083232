package io.spillway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** One connection of a {@link Crowd}. */
final class CrowdMember implements FrameReader.Listener {
  private static final byte[] NORMAL = {0x03, (byte) 0xe8}; // 1000

  private final Crowd crowd;
  private final RecordWatch watch;
  private final FrameReader reader;
  private SocketChannel channel;

  /**
   * @param watch looks at each record; null: nobody does
   */
  CrowdMember(Crowd crowd, RecordWatch watch) {
    this.crowd = crowd;
    this.watch = watch;
    this.reader = new FrameReader(this, watch != null);
  }

  void connected(SocketChannel open) {
    channel = open;
  }

  SocketChannel channel() {
    return channel;
  }

  FrameReader reader() {
    return reader;
  }

  Stream<RecordWatch> watch() {
    return Stream.ofNullable(watch);
  }

  @Override
  public void message(byte[] payload, int length) {
    if (length < RecordText.BYTES_MIN) {
      return;
    }
    crowd.counted();
    if (watch != null) {
      watch.record(payload, RecordText.micros());
    }
  }

  @Override
  public void control(int opcode, byte[] payload, int length) {
    if (opcode == FrameReader.PING) {
      send(ClientSocket.frame(FrameReader.PONG, payload, length));
    } else if (opcode == FrameReader.CLOSE && length >= 2) {
      int code = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
      crowd.said(code + " " + new String(payload, 2, length - 2, StandardCharsets.UTF_8));
    }
  }

  private void send(ByteBuffer frame) {
    try {
      channel.write(frame);
    } catch (IOException gone) {
      crowd.said(gone.getMessage()); // the next read tells the same, and counts it
    }
  }

  /** Says goodbye and leaves. */
  void close() {
    if (channel == null || !channel.isOpen()) {
      return;
    }
    send(ClientSocket.frame(FrameReader.CLOSE, NORMAL, NORMAL.length));
    try {
      channel.close();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
