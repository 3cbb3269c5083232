package io.spillway.kit;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * A RabbitMQ node of its own: own ports, own data, own cookie and own port mapper, so that it knows
 * nothing of the machine's. It can be killed and started again. A start takes some seconds.
 */
public final class Rabbit {
  /** The user of {@code deploy/rabbitmq/definitions.json}, with its permissions. */
  public static final String USER = "spillway";

  /** The password of {@link #USER}. */
  public static final String PASSWORD = "pa:ss@w/rd";

  /** A user that may read and neither configure nor write. */
  public static final String READER = "reader";

  /** The virtual host of {@code deploy/rabbitmq/definitions.json}. */
  public static final String VHOST = "tours";

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Path LIBRARY = Path.of("/usr/lib/rabbitmq/bin"); // behind Debian's wrappers

  private final Site site;
  private final Path dir;
  private final int port = FreePort.next();
  private final int tlsPort = FreePort.next();
  private final int mapperPort = FreePort.next();
  private final Map<String, String> env = new HashMap<>();
  private Certificates certificates;
  private Proc proc;

  /** Not yet started. */
  public Rabbit(Site site) {
    this.site = site;
    this.dir = site.dir().resolve("rabbitmq");
    env.put("HOME", dir.toString());
    env.put("ERL_EPMD_PORT", "" + mapperPort);
    env.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    env.put("RABBITMQ_NODENAME", "spillway" + port + "@localhost");
    env.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    env.put("RABBITMQ_NODE_PORT", "" + port);
    env.put("RABBITMQ_DIST_PORT", "" + FreePort.next());
    env.put("RABBITMQ_MNESIA_BASE", dir.resolve("mnesia").toString());
    env.put("RABBITMQ_LOG_BASE", dir.resolve("log").toString());
    env.put("RABBITMQ_LOGS", "-");
    env.put("RABBITMQ_PID_FILE", dir.resolve("pid").toString());
    env.put("RABBITMQ_CONF_ENV_FILE", dir.resolve("rabbitmq-env.conf").toString());
    env.put("RABBITMQ_CONFIG_FILE", dir.resolve("rabbitmq").toString());
    env.put("RABBITMQ_ADVANCED_CONFIG_FILE", dir.resolve("advanced.config").toString());
    env.put("RABBITMQ_ENABLED_PLUGINS_FILE", dir.resolve("enabled_plugins").toString());
    env.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1");
    env.put("RABBITMQ_ALLOW_INPUT", "1"); // the process is the node itself, and no shell
  }

  /** Starts it, or starts it again with what it has on disk. */
  public Rabbit start() {
    if (proc == null) {
      prepare();
    }
    List<String> command = List.of(LIBRARY.resolve("rabbitmq-server").toString(), "-noinput");
    proc = site.own(Proc.start("rabbitmq", dir, env, command));
    proc.awaitLine("Server startup complete", LIMIT);
    return this;
  }

  private void prepare() {
    certificates = new Certificates(dir.resolve("tls"));
    try {
      Files.createDirectories(dir);
      Files.writeString(dir.resolve("enabled_plugins"), "[].\n");
      Files.writeString(dir.resolve("definitions.json"), definitions().encodePrettily());
      Files.writeString(
          dir.resolve("rabbitmq.conf"),
          """
          log.console = true
          log.console.level = info
          disk_free_limit.absolute = 1MB
          load_definitions = %s
          listeners.ssl.1 = 127.0.0.1:%d
          listeners.ssl.2 = 127.0.0.2:%2$d
          ssl_options.cacertfile = %s
          ssl_options.certfile = %s
          ssl_options.keyfile = %s
          ssl_options.verify = verify_none
          """
              .formatted(
                  dir.resolve("definitions.json"),
                  tlsPort,
                  certificates.authority(),
                  certificates.certificate(),
                  certificates.key()));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    // In the foreground; the node would start one that outlives it.
    List<String> mapper = List.of("epmd", "-address", "127.0.0.1", "-port", "" + mapperPort);
    site.own(Proc.start("epmd", dir, env, mapper));
  }

  /** Those that are shipped, and what the tests need besides. */
  private static JsonObject definitions() throws IOException {
    Path shipped = Site.PROJECT.resolve("deploy/rabbitmq/definitions.json");
    JsonObject all = new JsonObject(Files.readString(shipped));
    all.getJsonArray("users").getJsonObject(0).put("password", PASSWORD);
    all.getJsonArray("vhosts").add(named("/"));
    user(all, "guest", "guest", ".*");
    user(all, READER, PASSWORD, "");
    return all;
  }

  private static JsonObject named(String name) {
    return new JsonObject().put("name", name);
  }

  private static void user(JsonObject all, String name, String password, String changes) {
    all.getJsonArray("users").add(named(name).put("password", password).put("tags", ""));
    for (String vhost : List.of("/", VHOST)) {
      all.getJsonArray("permissions")
          .add(
              new JsonObject()
                  .put("user", name)
                  .put("vhost", vhost)
                  .put("configure", changes)
                  .put("write", changes)
                  .put("read", ".*"));
    }
  }

  /** As in {@code rabbitmq.url}, with user guest. */
  public String url() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  /**
   * As in {@code rabbitmq.url}, over TLS.
   *
   * @param host one that the certificate is for, or 127.0.0.2, which it is not for
   */
  public String tlsUrl(String host) {
    return "amqps://guest:guest@" + host + ":" + tlsPort;
  }

  /** What it shows over TLS. */
  public Certificates certificates() {
    return certificates;
  }

  public int port() {
    return port;
  }

  /** The running node. */
  public Proc proc() {
    return proc;
  }

  /** A connection of the real Java client, as guest; does not recover by itself. */
  public Connection connect(String vhost) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setVirtualHost(vhost);
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }
}
