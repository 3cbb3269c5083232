import io.moquette.BrokerConstants;
import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import java.util.Properties;

/**
 * Moquette on loopback: {@code Moquette PORT DIR}. Sessions and messages are saved in DIR every
 * second: after kill -9 it comes back with an older state.
 */
public final class Moquette {
  private Moquette() {}

  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    settings.setProperty(IConfig.HOST_PROPERTY_NAME, "127.0.0.1");
    settings.setProperty(IConfig.PORT_PROPERTY_NAME, arguments[0]);
    settings.setProperty(IConfig.DATA_PATH_PROPERTY_NAME, arguments[1]);
    settings.setProperty(BrokerConstants.AUTOSAVE_INTERVAL_PROPERTY_NAME, "1"); // seconds
    settings.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
    settings.setProperty(IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, "true");
    new Server().startServer(new MemoryConfig(settings));
    System.out.println("listening");
    Thread.currentThread().join();
  }
}
