package io.spillway.config;

import io.spillway.worker.Blocking;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.config.spi.ConfigStore;
import io.vertx.config.spi.ConfigStoreFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The texts of the configuration file and of {@code .env}, as a store of vertx-config: raw, since
 * what they mean is decided in {@link ConfigLoader} alone ({@code INGEST_TOKEN=0012345} is no
 * number). Of the files that secrets are taken from there is the digest only. A text that is just
 * being written does not count yet; see {@link Settling}.
 */
final class ConfigFiles implements ConfigStore {
  private static final String TYPE = "spillway-files";
  private static final String CONF = "conf";
  private static final String DIR = "dir";

  private final Vertx vertx;
  private final Path conf;
  private final Path workingDir;
  private final Settling<JsonObject> settling = new Settling<>();

  private ConfigFiles(Vertx vertx, Path conf, Path workingDir) {
    this.vertx = vertx;
    this.conf = conf;
    this.workingDir = workingDir;
  }

  /**
   * Looks at the files every {@code lookEveryMs} and tells its listeners of a change that stands.
   *
   * @param conf null: there is no file
   */
  static ConfigRetriever retriever(Vertx vertx, Path conf, Path workingDir, long lookEveryMs) {
    JsonObject paths = new JsonObject().put(DIR, workingDir.toString());
    if (conf != null) {
      paths.put(CONF, conf.toString());
    }
    return ConfigRetriever.create(
        vertx,
        new ConfigRetrieverOptions()
            .setIncludeDefaultStores(false)
            .setScanPeriod(lookEveryMs)
            .addStore(new ConfigStoreOptions().setType(TYPE).setConfig(paths)));
  }

  @Override
  public Future<Buffer> get() {
    return Blocking.runBeside(vertx, () -> look(conf, workingDir))
        .map(settling::look)
        .map(settled -> settled == null ? Buffer.buffer("{}") : settled.toBuffer());
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  /** What there is now, in the form in which a retriever gives it. Blocking. */
  static JsonObject look(Path conf, Path workingDir) {
    byte[] text = bytes(conf);
    JsonObject secrets = new JsonObject();
    String json = text == null ? "" : new String(text, StandardCharsets.UTF_8);
    for (Path file : SecretFiles.in(json, workingDir)) {
      byte[] secret = bytes(file);
      secrets.put(file.toString(), secret == null ? null : Secret.sha256(secret));
    }
    JsonObject all =
        new JsonObject()
            .put("conf", latin(text))
            .put("env", latin(bytes(workingDir.resolve(DotEnvFile.NAME))))
            .put("secrets", secrets);
    return new JsonObject(all.toBuffer());
  }

  /** Null if there is none to read, or none that may be read. */
  private static byte[] bytes(Path file) {
    try {
      return file == null || !ConfFile.isReadable(file) ? null : Files.readAllBytes(file);
    } catch (IOException gone) {
      return null; // what is wrong with it is said when it is loaded
    }
  }

  /** As it is, byte by byte. */
  private static String latin(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Found by {@link java.util.ServiceLoader}. */
  public static final class Factory implements ConfigStoreFactory {
    @Override
    public String name() {
      return TYPE;
    }

    @Override
    public ConfigStore create(Vertx vertx, JsonObject paths) {
      Path dir = Path.of(paths.getString(DIR));
      String conf = paths.getString(CONF);
      return new ConfigFiles(vertx, conf == null ? null : dir.resolve(conf), dir);
    }
  }
}
