import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * HiveMQ CE on loopback: {@code HiveMq PORT DIR}. Sessions and messages are kept in DIR, and are
 * there again after kill -9.
 */
public final class HiveMq {
  private static final String CONFIG =
      """
      <hivemq>
        <listeners>
          <tcp-listener><port>%s</port><bind-address>127.0.0.1</bind-address></tcp-listener>
        </listeners>
        <mqtt>
          <queued-messages><max-queue-size>100000</max-queue-size></queued-messages>
          <receive-maximum><server-receive-maximum>65535</server-receive-maximum></receive-maximum>
        </mqtt>
        <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
      </hivemq>
      """;

  private HiveMq() {}

  public static void main(String[] arguments) throws Exception {
    Path dir = Path.of(arguments[1]).toAbsolutePath();
    Path config = Files.createDirectories(dir.resolve("conf"));
    Files.writeString(config.resolve("config.xml"), CONFIG.formatted(arguments[0]));
    EmbeddedHiveMQ broker =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(config)
            .withDataFolder(Files.createDirectories(dir.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(dir.resolve("extensions")))
            .build();
    broker.start().get();
    System.out.println("listening");
    Thread.currentThread().join();
  }
}
