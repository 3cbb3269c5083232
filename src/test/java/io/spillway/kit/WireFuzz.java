package io.spillway.kit;

import io.spillway.wire.Wire;
import io.spillway.wire.WireMessage.Ack;
import io.spillway.wire.WireMessage.Hello;
import io.spillway.wire.WireMessage.Reject;
import io.spillway.wire.WireMessage.Welcome;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Messages of {@code spillway.v1} that a liar could send, by chance. */
public final class WireFuzz {
  private static final long[] NUMBERS = {
    0, 1, 2, 61, 1_000, 999_999, (1L << 31) - 1, 1L << 31, (1L << 53) - 1
  };
  private static final List<String> ODD =
      List.of(
          "-1",
          "9007199254740992",
          "9223372036854775807",
          "1e3",
          "null",
          "\"7\"",
          "[]",
          "{}",
          "true");

  private final Random random;
  private final String edge;
  private final String epoch;

  /** The same for the same seed; as of, or to, this edge. */
  public WireFuzz(long seed, String edge, String epoch) {
    random = new Random(seed);
    this.edge = edge;
    this.epoch = epoch;
  }

  /** What an edge could say. */
  public String fromEdge() {
    return spoiled(
        any(
            List.of(
                () -> hello(null),
                () -> hello("f".repeat(32)),
                this::batch,
                this::batch,
                () -> Wire.encode(new Ack(number())),
                () -> "{\"type\":\"status\",\"roles\":[{\"role\":\"uplink\",\"waiting\":-1}]}",
                () -> "{\"type\":\"skip\",\"first\":" + number() + ",\"count\":9}",
                this::nonsense)));
  }

  /** What a server could say. */
  public String fromServer() {
    return spoiled(
        any(
            List.of(
                () -> Wire.encode(new Ack(number())),
                () -> Wire.encode(new Reject(number(), "why \n\u001b[2J" + "x".repeat(600))),
                () -> Wire.encode(new Welcome(number(), limit(), limit(), limit(), limit())),
                () -> hello(null),
                this::nonsense)));
  }

  private String hello(String key) {
    String name = random.nextInt(4) == 0 ? "iaq" : edge;
    return Wire.encode(new Hello(name, epoch, number(), key));
  }

  private String batch() {
    long first = number();
    int count = random.nextInt(5);
    StringBuilder text = new StringBuilder();
    text.append("{\"type\":\"batch\",\"first\":").append(first);
    text.append(",\"count\":").append(random.nextInt(8) == 0 ? 99 : count).append('}');
    for (int i = 0; i < count; i++) {
      String id = edge + '.' + epoch + '.' + (first + i);
      text.append("\n{\"forged\":1,\"_id\":\"").append(id).append("\"}");
    }
    return text.toString();
  }

  private String nonsense() {
    return any(
        List.of(
            () -> "",
            () -> "x".repeat(random.nextInt(6_000)),
            () -> "[".repeat(5_000),
            () -> "{\"type\":\"" + "y".repeat(5_000) + "\"}",
            () -> "{\"type\":null}",
            () -> "null"));
  }

  /** Now and then a number is something else, or the text is cut. */
  private String spoiled(String text) {
    return switch (random.nextInt(10)) {
      case 0 -> text.replaceFirst("\\d+", ODD.get(random.nextInt(ODD.size())));
      case 1 -> text.substring(0, random.nextInt(text.length() + 1));
      default -> text;
    };
  }

  private long number() {
    return NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(2);
  }

  private int limit() {
    return random.nextInt(4) == 0 ? random.nextInt() : 1 + random.nextInt(4_000);
  }

  private String any(List<Supplier<String>> all) {
    return all.get(random.nextInt(all.size())).get();
  }
}
