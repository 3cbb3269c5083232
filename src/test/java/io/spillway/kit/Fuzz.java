package io.spillway.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Frames and commands that no sane client would send, by chance. */
public final class Fuzz {
  private static final int FIN = 0x80;
  private static final int TEXT = 1;

  private final Random random;
  private final List<Supplier<byte[]>> ruin = new ArrayList<>();
  private final List<Supplier<String>> commands = new ArrayList<>();

  /** The same for the same seed. */
  public Fuzz(long seed) {
    random = new Random(seed);
    ruin.add(() -> frame(random.nextInt(256), true, bytes(200)));
    ruin.add(() -> frame(FIN | TEXT | (1 + random.nextInt(7)) << 4, true, bytes(50)));
    ruin.add(() -> frame(FIN | TEXT, false, bytes(100)));
    ruin.add(() -> frame(FIN | 3 + random.nextInt(5), true, bytes(20)));
    ruin.add(() -> frame(8 + random.nextInt(3), true, bytes(20))); // a control frame in fragments
    ruin.add(() -> header(FIN | 9, 126 + random.nextInt(1_000), 2)); // and one too long
    ruin.add(() -> header(FIN | TEXT, random.nextLong(), 8));
    ruin.add(() -> header(FIN | TEXT, Long.MAX_VALUE, 8));
    ruin.add(() -> header(FIN | TEXT, 70_000, 8));
    ruin.add(() -> header(FIN | TEXT, random.nextInt(126), 2 + 6 * random.nextInt(2)));
    ruin.add(() -> frame(FIN, true, bytes(20))); // goes on, but nothing has begun
    ruin.add(() -> join(frame(TEXT, true, bytes(20)), frame(FIN | TEXT, true, bytes(20))));
    ruin.add(() -> frame(FIN | 8, true, bytes(2)));
    ruin.add(() -> frame(FIN | 8, true, join(new byte[] {3, (byte) 0xe8}, bytes(100))));
    ruin.add(() -> bytes(300));
    commands.add(() -> "{\"type\":\"subscribe\",\"topics\":[\"none\"],\"since\":" + value() + "}");
    commands.add(() -> "{\"type\":\"subscribe\",\"topics\":" + value() + ",\"since\":1}");
    commands.add(() -> "{\"type\":\"unsubscribe\",\"topics\":[" + value() + "]}");
    commands.add(() -> "{\"type\":" + value() + "}");
    commands.add(() -> "{\"type\":\"ping\",\"x\":" + value() + "}");
    commands.add(() -> "[".repeat(1 + random.nextInt(30_000)));
    commands.add(() -> "{\"a\":".repeat(1 + random.nextInt(10_000)));
    commands.add(this::value);
    commands.add(() -> cut("{\"type\":\"subscribe\",\"topics\":[\"a/+\",\"#\"],\"since\":12}"));
  }

  /** A text that is hardly a command. */
  public byte[] command() {
    byte[] text = commands.get(random.nextInt(commands.size())).get().getBytes(UTF_8);
    for (int i = random.nextInt(8); i > 5 && text.length > 0; i--) {
      text[random.nextInt(text.length)] = (byte) random.nextInt(256); // not UTF-8, most often
    }
    return text;
  }

  /** Some texts in good frames, and often something that is no frame at all. */
  public void session(RawSocket socket, int messages) throws IOException {
    for (int i = 0; i < messages; i++) {
      byte[] frame = RawSocket.text(random, command());
      if (random.nextInt(20) == 0) {
        frame = java.util.Arrays.copyOf(frame, random.nextInt(frame.length));
      }
      socket.send(frame);
    }
    if (random.nextInt(10) > 0) {
      socket.send(ruin.get(random.nextInt(ruin.size())).get());
    }
  }

  private String value() {
    String[] values = {
      "null",
      "true",
      "-1",
      "1e999",
      "-0",
      "0.5",
      "9223372036854775808",
      "1" + "0".repeat(2_000),
      "\"\"",
      "\"\\ud800\"",
      "\"a/#/b\"",
      "\"" + "x".repeat(2_000) + "\"",
      "\"\\u0000\"",
      "[]",
      "{}",
      "[[[[\"a\"]]]]",
      "{\"a\":{\"b\":[1,2]}}",
      "[1,2,3]",
      "[\"#\",\"#\"]",
      "\"$SYS\"",
      "\"" + "/".repeat(900) + "\"",
      "\"" + "+/".repeat(400) + "#\""
    };
    return values[random.nextInt(values.length)];
  }

  private String cut(String text) {
    return text.substring(0, random.nextInt(text.length()));
  }

  private byte[] bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] frame(int first, boolean masked, byte[] payload) {
    int lengthBytes = payload.length < 126 ? 0 : 2;
    return RawSocket.frame(random, first, masked, payload.length, lengthBytes, payload);
  }

  private byte[] header(int first, long length, int lengthBytes) {
    return RawSocket.frame(random, first, true, length, lengthBytes, bytes(300));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
