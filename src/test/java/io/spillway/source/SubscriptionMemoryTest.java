package io.spillway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.StateFile;
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
    memory("me", "mqtt://a").save(known("x"));
    memory("me", "mqtt://a").save(new KnownFilters(FILTERS, List.of()));
    SubscriptionMemory.Remembered remembered = memory("me", "mqtt://a").load();
    assertThat(remembered.known().atBroker()).isEqualTo(FILTERS);
    assertThat(remembered.unknownBecause()).isNull();
  }

  @Test
  @DisplayName("keeps those of other brokers, and of other clients, apart")
  void sessions() throws IOException {
    SubscriptionMemory first = memory("me", "mqtt://a");
    first.save(new KnownFilters(FILTERS, List.of()));
    SubscriptionMemory second = memory("me", "mqtt://b");
    SubscriptionMemory.Remembered there = second.load();
    assertThat(there.known().atBroker())
        .isEqualTo(FILTERS); // it may be the same broker by another name
    assertThat(there.unknownBecause()).contains("mqtt://b");
    second.save(known("b"));
    assertThat(memory("me", "mqtt://b").load().known().atBroker()).containsExactly("b");
    assertThat(memory("me", "mqtt://a").load().known().atBroker()).isEqualTo(FILTERS);
    assertThat(memory("you", "mqtt://a").load().known().atBroker()).isEmpty();
  }

  @Test
  @DisplayName("is of the last eight brokers")
  void bounded() throws IOException {
    for (int broker = 0; broker < 20; broker++) {
      SubscriptionMemory memory = memory("me", "mqtt://" + broker);
      memory.load();
      memory.save(known("t/" + broker));
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
                KnownFilters.NONE, "there is no " + dir.resolve("subscriptions.json") + " yet"));
    SubscriptionMemory none = new SubscriptionMemory(null, "me", "mqtt://a");
    none.save(new KnownFilters(FILTERS, List.of()));
    assertThat(none.load().known().atBroker()).isEmpty();
    assertThat(none.load().unknownBecause()).isNotNull();
  }

  @Test
  @DisplayName("is empty and says so when a single byte of the file is another one, or it is cut")
  void damaged() throws IOException {
    memory("me", "mqtt://a").save(new KnownFilters(FILTERS, List.of()));
    Path file = dir.resolve("subscriptions.json");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] wrong = whole.clone();
      wrong[at] ^= 0x41;
      Files.write(file, wrong);
      SubscriptionMemory.Remembered remembered = memory("me", "mqtt://a").load();
      assertThat(remembered.known().atBroker()).as("byte %d", at).isEmpty();
      assertThat(remembered.unknownBecause()).as("byte %d", at).contains("damaged");
      Files.write(file, Arrays.copyOf(whole, at));
      boolean lineFeedAlone = at == whole.length - 1; // nothing of what it says
      assertThat(memory("me", "mqtt://a").load().known().atBroker().isEmpty())
          .as("cut at %d", at)
          .isEqualTo(!lineFeedAlone);
    }
    for (String text : List.of("[]", "null", "{}", "{\"sessions\":7}")) {
      Files.writeString(file, text);
      assertThat(memory("me", "mqtt://a").load().unknownBecause()).as(text).contains("damaged");
    }
  }

  @Test
  @DisplayName("tells what this client has at brokers of other names as what may be there, too")
  void otherNames() throws IOException {
    memory("me", "mqtt://a").save(new KnownFilters(Set.of("a", "both"), List.of("given/up")));
    SubscriptionMemory alias = memory("me", "mqtt://b");
    alias.load();
    alias.save(known("b", "both"));
    memory("you", "mqtt://b").load();
    SubscriptionMemory.Remembered again = memory("me", "mqtt://a").load();
    assertThat(again.unknownBecause()).isNull();
    assertThat(again.known().atBroker()).containsExactlyInAnyOrder("a", "both");
    assertThat(again.known().former()).containsExactlyInAnyOrder("given/up", "b");
  }

  @Test
  @DisplayName("reads a file that tells nothing of what was given up")
  void olderFile() throws IOException {
    Path file = dir.resolve("subscriptions.json");
    StateFile.write(
        file, "{\"sessions\":[{\"client\":\"me\",\"broker\":\"mqtt://a\",\"filters\":[\"x\"]}]}");
    assertThat(memory("me", "mqtt://a").load().known()).isEqualTo(known("x"));
  }

  private static KnownFilters known(String... filters) {
    return new KnownFilters(Set.of(filters), List.of());
  }

  private SubscriptionMemory memory(String client, String broker) {
    return new SubscriptionMemory(dir, client, broker);
  }
}
