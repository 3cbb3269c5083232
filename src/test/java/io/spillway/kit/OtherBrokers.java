package io.spillway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Brokers beside Mosquitto, each as its makers run it: Debian's, or built by {@code
 * scripts/build-test-brokers} from {@code src/test/brokers}. None is on a class path of ours.
 */
final class OtherBrokers {
  private static final Path BUILT = Site.PROJECT.resolve("src/test/brokers");
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private OtherBrokers() {}

  static Broker nats(Site site) {
    return new BrokerProcess(site, "nats", "Server is ready", OtherBrokers::natsServer);
  }

  /** JetStream keeps the sessions; what is not acknowledged comes again after {@code ack_wait}. */
  private static List<String> natsServer(int port, Path dir) {
    String text =
        """
        server_name: spillway-test
        listen: 127.0.0.1:%d
        jetstream { store_dir: "jetstream" }
        mqtt { listen: "127.0.0.1:%d", ack_wait: "3s", max_ack_pending: 65535 }
        """;
    try {
      Files.createDirectories(dir);
      Path clients = dir.resolve("port"); // of its own protocol, which nobody uses here
      if (!Files.exists(clients)) {
        Files.writeString(clients, "" + FreePort.next());
      }
      int clientPort = Integer.parseInt(Files.readString(clients));
      Files.writeString(dir.resolve("nats.conf"), text.formatted(clientPort, port));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    Path debian = Path.of("/usr/sbin/nats-server"); // not on the path of an ordinary user
    String nats = Files.isExecutable(debian) ? debian.toString() : "nats-server";
    return List.of(nats, "-c", "nats.conf");
  }

  static Broker aedes(Site site) {
    return new BrokerProcess(
        site,
        "aedes",
        "listening",
        (port, dir) -> NodeScript.command("aedes.mjs", "" + port, dir.resolve("level").toString()));
  }

  static Broker mochi(Site site) {
    Path program = BUILT.resolve("mochi/target/mochi");
    boolean there = Files.exists(program) || "true".equals(System.getenv("CI"));
    Assumptions.assumeTrue(there, "needs Go, which builds mochi");
    return new BrokerProcess(
        site, "mochi", "listening", (port, dir) -> List.of("" + program, "" + port));
  }

  /** A module of {@code src/test/brokers} with one class, of the default package. */
  static Broker java(Site site, String module, String mainClass) {
    Path target = BUILT.resolve(module).resolve("target");
    return new BrokerProcess(
        site,
        module,
        "^listening$",
        (port, dir) -> {
          List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx512m", "-XX:+UseSerialGC"));
          command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classpath(target), mainClass));
          command.addAll(List.of("" + port, dir.resolve("data").toString()));
          return command;
        });
  }

  private static String classpath(Path target) {
    try {
      return target.resolve("classes") + ":" + Files.readString(target.resolve("classpath"));
    } catch (IOException error) {
      throw new UncheckedIOException("scripts/build-test-brokers makes it", error);
    }
  }
}
