package io.spillway.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes a server's WebSocket frames apart (RFC 6455 section 5.2) as their bytes come, cut anywhere.
 * Looks at headers only and passes over what messages contain, unless told to keep it.
 */
final class FrameReader {
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int CONTROL_BYTES_MAX = 125;

  /** Told what has come. */
  interface Listener {
    /**
     * A whole message.
     *
     * @param payload its first {@code length} bytes, valid during the call; null unless kept
     */
    void message(byte[] payload, int length);

    /** A {@link #PING}, {@link #PONG} or {@link #CLOSE} with the first {@code length} bytes. */
    void control(int opcode, byte[] payload, int length);
  }

  private final Listener listener;
  private final boolean keeps;
  private byte[] message = {};
  private int messageLength;
  private byte[] control = {};
  private int controlLength;

  private int headerAt;
  private int lengthBytes;
  private boolean inPayload;
  private boolean last;
  private int opcode;
  private long left;

  /**
   * @param keeps whether the listener gets what the messages contain
   */
  FrameReader(Listener listener, boolean keeps) {
    this.listener = listener;
    this.keeps = keeps;
  }

  /**
   * Reads all of {@code in}.
   *
   * @throws IllegalStateException if that is not what a server may send
   */
  void read(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (inPayload) {
        payload(in);
      } else {
        header(in.get() & 0xff);
      }
      if (inPayload && left == 0) {
        end();
      }
    }
  }

  private void header(int next) {
    switch (headerAt++) {
      case 0 -> {
        if ((next & 0x70) != 0) {
          throw new IllegalStateException("an extension that was not asked for");
        }
        last = (next & 0x80) != 0;
        opcode = next & 0x0f;
      }
      case 1 -> {
        if (next > 127) {
          throw new IllegalStateException("a masked frame from a server");
        }
        lengthBytes = next < 126 ? 0 : next == 126 ? 2 : 8;
        left = next < 126 ? next : 0;
        inPayload = lengthBytes == 0;
      }
      default -> {
        left = (left << 8) | next;
        inPayload = --lengthBytes == 0;
      }
    }
  }

  private void payload(ByteBuffer in) {
    int count = (int) Math.min(left, in.remaining());
    if (opcode >= CLOSE) {
      control = control.length == 0 ? new byte[CONTROL_BYTES_MAX] : control;
      in.get(control, controlLength, count);
      controlLength += count;
    } else {
      if (keeps) {
        keep(in, count);
      } else {
        in.position(in.position() + count);
      }
      messageLength += count;
    }
    left -= count;
  }

  private void keep(ByteBuffer in, int count) {
    if (message.length < messageLength + count) {
      message = Arrays.copyOf(message, Math.max(512, 2 * (messageLength + count)));
    }
    in.get(message, messageLength, count);
  }

  private void end() {
    inPayload = false;
    headerAt = 0;
    if (opcode >= CLOSE) {
      listener.control(opcode, control, controlLength);
      controlLength = 0;
    } else if (last) {
      listener.message(keeps ? message : null, messageLength);
      messageLength = 0;
    }
  }
}
