import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * Artemis on loopback: {@code Artemis PORT DIR}. Sessions and messages are kept in DIR, and are
 * there again after kill -9.
 */
public final class Artemis {
  private Artemis() {}

  public static void main(String[] arguments) throws Exception {
    ConfigurationImpl settings = new ConfigurationImpl();
    settings.setSecurityEnabled(false);
    settings.setJMXManagementEnabled(false);
    settings.setMaxDiskUsage(-1);
    settings.setJournalDirectory(arguments[1] + "/journal");
    settings.setBindingsDirectory(arguments[1] + "/bindings");
    settings.setLargeMessagesDirectory(arguments[1] + "/large");
    settings.setPagingDirectory(arguments[1] + "/pages");
    settings.addAcceptorConfiguration(
        "mqtt", "tcp://127.0.0.1:" + arguments[0] + "?protocols=MQTT");
    new EmbeddedActiveMQ().setConfiguration(settings).start();
    System.out.println("listening");
    Thread.currentThread().join();
  }
}
