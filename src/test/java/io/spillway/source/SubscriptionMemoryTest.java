package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The memory of subscriptions")
class SubscriptionMemoryTest {
  private static final Set<String> FILTERS = Set.of("a/#", "$share/g/b", "é/+");

  @TempDir Path dir;

  @Test
  @DisplayName("gives back what was saved last for this client at this broker")
  void remembers() throws IOException {
    memory("me", "mqtt://a").save(List.of("x"));
    memory("me", "mqtt://a").save(FILTERS);
    SubscriptionMemory.Remembered remembered = memory("me", "mqtt://a").load();
    assertThat(remembered.filters()).isEqualTo(FILTERS);
    assertThat(remembered.unknownBecause()).isNull();
  }

  @Test
  @DisplayName("keeps those of other brokers, and of other clients, apart")
  void sessions() throws IOException {
    SubscriptionMemory first = memory("me", "mqtt://a");
    first.save(FILTERS);
    SubscriptionMemory second = memory("me", "mqtt://b");
    SubscriptionMemory.Remembered there = second.load();
    assertThat(there.filters()).isEqualTo(FILTERS); // it may be the same broker by another name
    assertThat(there.unknownBecause()).contains("mqtt://b");
    second.save(List.of("b"));
    assertThat(memory("me", "mqtt://b").load().filters()).containsExactly("b");
    assertThat(memory("me", "mqtt://a").load().filters()).isEqualTo(FILTERS);
    assertThat(memory("you", "mqtt://a").load().filters()).isEmpty();
  }

  @Test
  @DisplayName("is of the last eight brokers")
  void bounded() throws IOException {
    for (int broker = 0; broker < 20; broker++) {
      SubscriptionMemory memory = memory("me", "mqtt://" + broker);
      memory.load();
      memory.save(List.of("t/" + broker));
    }
    assertThat(memory("me", "mqtt://12").load().unknownBecause()).isNull();
    assertThat(memory("me", "mqtt://11").load().unknownBecause()).isNotNull();
  }

  @Test
  @DisplayName("is empty and says so when the file is missing, or there is no spool")
  void missing() throws IOException {
    assertThat(memory("me", "mqtt://a").load())
        .isEqualTo(
            new SubscriptionMemory.Remembered(
                Set.of(), "there is no " + dir.resolve("subscriptions.json") + " yet"));
    SubscriptionMemory none = new SubscriptionMemory(null, "me", "mqtt://a");
    none.save(FILTERS);
    assertThat(none.load().filters()).isEmpty();
    assertThat(none.load().unknownBecause()).isNotNull();
  }

  @Test
  @DisplayName("is empty and says so when a single byte of the file is another one, or it is cut")
  void damaged() throws IOException {
    memory("me", "mqtt://a").save(FILTERS);
    Path file = dir.resolve("subscriptions.json");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] wrong = whole.clone();
      wrong[at] ^= 0x41;
      Files.write(file, wrong);
      SubscriptionMemory.Remembered remembered = memory("me", "mqtt://a").load();
      assertThat(remembered.filters()).as("byte %d", at).isEmpty();
      assertThat(remembered.unknownBecause()).as("byte %d", at).contains("damaged");
      Files.write(file, Arrays.copyOf(whole, at));
      boolean lineFeedAlone = at == whole.length - 1; // nothing of what it says
      assertThat(memory("me", "mqtt://a").load().filters().isEmpty())
          .as("cut at %d", at)
          .isEqualTo(!lineFeedAlone);
    }
    for (String text : List.of("[]", "null", "{}", "{\"sessions\":7}")) {
      Files.writeString(file, text);
      assertThat(memory("me", "mqtt://a").load().unknownBecause()).as(text).contains("damaged");
    }
  }

  private SubscriptionMemory memory(String client, String broker) {
    return new SubscriptionMemory(dir, client, broker);
  }
}
