package io.spillway.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What both ends of version 0.1 (commit 214673b) said, recorded from its jar: in {@code
 * wire-0.1/edge-to-server.txt} and {@code server-to-edge.txt}, messages apart by an empty line.
 */
public final class OldTexts {
  private OldTexts() {}

  /** Hello, a batch, a status, a batch of two. */
  public static List<String> ofEdge() {
    return read("edge-to-server.txt");
  }

  /** Welcome, a reject of number 2, an ack of three records. */
  public static List<String> ofServer() {
    return read("server-to-edge.txt");
  }

  private static List<String> read(String name) {
    try (InputStream in = OldTexts.class.getResourceAsStream("/wire-0.1/" + name)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(all.strip().split("\n\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
