package io.spillway.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code mosquitto_pub} and {@code mosquitto_sub}. */
public final class MosquittoClients {
  private MosquittoClients() {}

  /** Publishes one message at QoS 1; returns when the broker has acknowledged it. */
  public static void pub(
      Site site, Mosquitto broker, String topic, String payload, String... more) {
    List<String> command = new ArrayList<>(List.of("mosquitto_pub", "-p", "" + broker.port()));
    command.addAll(List.of("-q", "1", "-t", topic, "-m", payload));
    command.addAll(List.of(more));
    Proc proc = Proc.run("mosquitto_pub", site.dir(), Map.of(), command);
    if (proc.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + proc.output());
    }
  }

  /** Publishes the bytes of a file as one message at QoS 1. */
  public static void pubFile(Site site, Mosquitto broker, String topic, java.nio.file.Path file) {
    List<String> command =
        List.of(
            "mosquitto_pub",
            "-p",
            "" + broker.port(),
            "-q",
            "1",
            "-t",
            topic,
            "-f",
            file.toString());
    Proc proc = Proc.run("mosquitto_pub", site.dir(), Map.of(), command);
    if (proc.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + proc.output());
    }
  }

  /** Subscribes at QoS 1 and prints topic, a blank and the payload of each message. */
  public static Proc sub(Site site, Mosquitto broker, String filter, String... more) {
    List<String> command = new ArrayList<>(List.of("mosquitto_sub", "-p", "" + broker.port()));
    command.addAll(List.of("-q", "1", "-v", "-i", "test-sub", "-t", filter));
    command.addAll(List.of(more));
    Proc proc = site.own(Proc.start("mosquitto_sub", site.dir(), Map.of(), command));
    broker.awaitSubscriber("test-sub");
    return proc;
  }
}
