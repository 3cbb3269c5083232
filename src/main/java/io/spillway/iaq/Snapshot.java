package io.spillway.iaq;

import io.spillway.journal.SmallFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known, in {@code iaq.state} beside the journal, with the position up to which it counts.
 * Blocks.
 */
final class Snapshot {
  /** Nothing is saved, or nothing that can be used. */
  static final long NOWHERE = 0;

  private static final Logger log = LoggerFactory.getLogger(Snapshot.class);

  private final Path file;

  Snapshot(Path dir) {
    file = dir.resolve("iaq.state");
  }

  /** On disk when this returns; the older one stays until then. */
  void save(long position, Engine engine) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(position);
      engine.write(out);
    }
    SmallFile.replace(file, bytes.toByteArray());
  }

  /** Fills {@code engine}, and gives the position; {@link #NOWHERE} if there is none. */
  long load(Engine engine) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      long position = in.readLong();
      engine.read(in);
      return position;
    } catch (NoSuchFileException first) {
      return NOWHERE;
    } catch (IOException | RuntimeException unusable) {
      log.warn("[iaq] {} cannot be used, it begins anew: {}", file, unusable.toString());
      return NOWHERE;
    }
  }
}
