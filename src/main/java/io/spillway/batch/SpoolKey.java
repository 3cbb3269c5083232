package io.spillway.batch;

import io.spillway.journal.SmallFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What proves to a server that records come from this spool: a secret made for its epoch, in {@code
 * key.json} and once more in {@code key.copy.json}. It stands in no record, and a server that has
 * heard it once takes this epoch's records from nobody else; so a lost key would hold the spool up,
 * and there are two files, each with a checksum.
 *
 * <pre>
 *   {"epoch":"3f9a1c2e","key":"0f2d…32 hex digits","crc32c":"9c1185a5"}   over epoch and key
 * </pre>
 */
final class SpoolKey {
  private static final int BYTES = 16;
  private static final List<String> FILES = List.of("key.json", "key.copy.json");

  private SpoolKey() {}

  /** A new one for this epoch, on disk when this returns. Blocking. */
  static String create(Path dir, String epoch) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String key = HexFormat.of().formatHex(random);
    for (String file : FILES) {
      save(dir.resolve(file), epoch, key);
    }
    return key;
  }

  /** That of this epoch; null if it has none. A file that is lost is written again. Blocking. */
  static String load(Path dir, String epoch) throws IOException {
    String key = null;
    for (String file : FILES) {
      String found = read(dir.resolve(file), epoch);
      key = key == null ? found : key;
    }
    for (String file : FILES) {
      if (key != null && read(dir.resolve(file), epoch) == null) {
        save(dir.resolve(file), epoch, key);
      }
    }
    return key;
  }

  private static void save(Path file, String epoch, String key) throws IOException {
    JsonObject json = new JsonObject().put("epoch", epoch).put("key", key);
    SmallFile.replace(file, json.put("crc32c", checksum(epoch, key)).encode());
  }

  private static String read(Path file, String epoch) throws IOException {
    try {
      JsonObject json =
          new JsonObject(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      String key = json.getString("key");
      boolean ours = epoch.equals(json.getString("epoch"));
      return ours && checksum(epoch, key).equals(json.getString("crc32c")) ? key : null;
    } catch (NoSuchFileException | DecodeException | ClassCastException e) {
      return null;
    }
  }

  private static String checksum(String epoch, String key) {
    CRC32C crc = new CRC32C();
    crc.update((epoch + ' ' + key).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
