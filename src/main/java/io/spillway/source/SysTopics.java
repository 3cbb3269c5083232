package io.spillway.source;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Mosquitto says of itself in {@code $SYS}. It lets no client publish there; other brokers
 * may (MQTT 3.1.1 section 4.7.2 says no more than "should"). So nothing counts without the version
 * of a Mosquitto, and nothing that was not retained: a Mosquitto retains both.
 */
final class SysTopics {
  private static final String UPTIME = "$SYS/broker/uptime";
  private static final String VERSION = "$SYS/broker/version";

  /** The filters to subscribe to. */
  static final List<String> FILTERS = List.of(UPTIME, VERSION);

  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,12}) seconds");

  private long upMs = -1;
  private boolean mosquitto;

  /** A message has come. */
  void received(Received message) {
    if (!message.retained()) {
      return;
    }
    String text = new String(message.payload(), StandardCharsets.UTF_8);
    Matcher seconds = SECONDS.matcher(text);
    if (message.topic().equals(UPTIME) && seconds.lookingAt()) {
      upMs = Long.parseLong(seconds.group(1)) * 1_000;
    } else if (message.topic().equals(VERSION)) {
      mosquitto = text.startsWith("mosquitto version ");
    }
  }

  /** For how long it has been running; negative if that is not known. */
  long upMs() {
    return mosquitto ? upMs : -1;
  }

  boolean isMosquitto() {
    return mosquitto;
  }
}
