package io.spillway.iaq;

import io.spillway.journal.Damages;
import io.spillway.journal.FileKind;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What is known, in {@code iaq.state} beside the journal, with the position up to which it counts.
 * Blocks.
 */
final class Snapshot {
  /** Nothing is saved, or nothing that can be used. */
  static final long NOWHERE = 0;

  private static final String OTHERWISE =
      "indoor air begins anew at the end of the journal: alerts that last are raised again";

  private final Path file;
  private final Damages damages;

  Snapshot(Path dir, Damages damages) {
    file = dir.resolve("iaq.state");
    this.damages = damages;
  }

  /** On disk when this returns; the older one stays until then. */
  void save(long position, Engine engine) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      engine.write(out);
    }
    JsonObject json = new JsonObject().put("position", position).put("engine", bytes.toByteArray());
    StateFile.write(file, json.encode());
  }

  /** Fills {@code engine}, and gives the position; {@link #NOWHERE} if there is none. */
  long load(Engine engine) throws IOException {
    byte[] older = bytesOfOlder();
    if (older.length == 0) {
      return StateFile.read(file, text -> parse(text, engine), false, OTHERWISE, damages)
          .map(StateFile.Content::value)
          .orElse(NOWHERE);
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(older))) {
      long position = in.readLong();
      engine.read(in);
      return position;
    } catch (IOException | RuntimeException unusable) {
      StateFile.discard(file, "does not say what it should", OTHERWISE, damages);
      return NOWHERE;
    }
  }

  private static long parse(String text, Engine engine) {
    JsonObject json = new JsonObject(text);
    long position = json.getLong("position");
    byte[] bytes = json.getBinary("engine");
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      engine.read(in);
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
    return position;
  }

  /** Version 0.1 wrote the numbers as they are, of which the first begins with a zero. */
  private byte[] bytesOfOlder() throws IOException {
    if (!FileKind.fault(file).isEmpty()) {
      return new byte[0];
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      return bytes.length > 0 && bytes[0] == 0 ? bytes : new byte[0];
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }
}
