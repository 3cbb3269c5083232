package io.spillway.batch;

import io.spillway.journal.SmallFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Who a spool's records come from: {@code <edge>.<epoch>}. The epoch is random and new when the
 * spool is, so that a spool that was deleted and begins at 1 again is not taken for the old one.
 */
record SpoolIdentity(String edge, String epoch) {
  private static final String FILE = "identity.json";

  /**
   * The identity of the spool in {@code dir}; a new one if it has none. Blocking.
   *
   * @param name the configured name, or null for a generated one
   * @throws IOException if the spool belongs to an edge of another name
   */
  static SpoolIdentity of(Path dir, String name) throws IOException {
    Files.createDirectories(dir);
    SpoolIdentity known = load(dir.resolve(FILE));
    if (known == null) {
      SpoolIdentity fresh = new SpoolIdentity(name == null ? generatedName() : name, random(4));
      fresh.save(dir);
      return fresh;
    }
    if (name != null && !name.equals(known.edge)) {
      throw new IOException(
          ("edge.name: the spool %s belongs to %s, not to %s; let %s empty it first, or use another"
                  + " edge.spool.dir")
              .formatted(dir, known.edge, name, known.edge));
    }
    return known;
  }

  /** The same edge with a new epoch, for when nothing of this one waits. */
  SpoolIdentity renewed() {
    return new SpoolIdentity(edge, random(4));
  }

  private static SpoolIdentity load(Path file) throws IOException {
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      SpoolIdentity known = new SpoolIdentity(json.getString("edge"), json.getString("epoch"));
      if (known.edge == null || known.epoch == null) {
        throw new DecodeException("edge or epoch is missing");
      }
      return known;
    } catch (NoSuchFileException e) {
      return null;
    } catch (DecodeException | ClassCastException e) {
      throw new IOException(file + " is unreadable; it names the edge whose records are here", e);
    }
  }

  /** On disk when this returns. Blocking. */
  void save(Path dir) throws IOException {
    String json = new JsonObject().put("edge", edge).put("epoch", epoch).encode();
    SmallFile.replace(dir.resolve(FILE), json);
  }

  private static String generatedName() {
    return hostName() + '-' + random(2);
  }

  private static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9_-]", "-");
      return host.isEmpty() ? "edge" : host.substring(0, Math.min(host.length(), 40));
    } catch (UnknownHostException e) {
      return "edge";
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
