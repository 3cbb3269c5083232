package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.journal.StateFile.Content;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What proves to a server that records come from this spool: a secret made for its epoch, in {@code
 * key.json} and once more in {@code key.copy.json}. It stands in no record, and a server that has
 * heard it once takes this epoch's records from nobody else; so a lost key would hold the spool up,
 * and there are two files, each with a checksum.
 *
 * <pre>
 *   {"epoch":"3f9a1c2e","key":"0f2d…32 hex digits","crc32c":"9c1185a5"}
 * </pre>
 */
record SpoolKey(String epoch, String key) {
  private static final int BYTES = 16;
  private static final List<String> FILES = List.of("key.json", "key.copy.json");

  /** A new one for this epoch, on disk when this returns. Blocking. */
  static String create(Path dir, String epoch) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String key = HexFormat.of().formatHex(random);
    keep(dir, epoch, key);
    return key;
  }

  /** That of this epoch; null if it has none. A file that is lost is written again. Blocking. */
  static String load(Path dir, String epoch, Damages damages) throws IOException {
    String key = null;
    List<Path> lost = new ArrayList<>();
    for (String file : FILES) {
      Optional<SpoolKey> found = read(dir.resolve(file), damages).filter(is -> is.of(epoch));
      if (found.isPresent()) {
        key = found.get().key;
      } else {
        lost.add(dir.resolve(file));
      }
    }
    if (key != null) {
      for (Path file : lost) {
        save(file, epoch, key);
      }
    }
    return key;
  }

  /** Keeps that of an epoch in another directory, too. On disk when this returns. Blocking. */
  static void keep(Path dir, String epoch, String key) throws IOException {
    for (String file : FILES) {
      save(dir.resolve(file), epoch, key);
    }
  }

  private boolean of(String wanted) {
    return epoch.equals(wanted);
  }

  private static void save(Path file, String epoch, String key) throws IOException {
    StateFile.write(file, new JsonObject().put("epoch", epoch).put("key", key).encode());
  }

  private static Optional<SpoolKey> read(Path file, Damages damages) throws IOException {
    return StateFile.read(file, SpoolKey::parse, false, "there is a copy of it", damages)
        .map(Content::value);
  }

  private static SpoolKey parse(String text) {
    JsonObject json = new JsonObject(text);
    return new SpoolKey(json.getString("epoch"), json.getString("key"));
  }
}
