package io.spillway.batch;

import static io.spillway.message.Texts.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Spool.Found;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.journal.Damages;
import io.spillway.journal.StateFile;
import io.spillway.time.TimeSource;
import io.spillway.tools.Verify;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("What is noted of epochs that have ended")
class EpochEndsTest {
  @TempDir private Path temp;
  private Path dir;
  private Path data;
  private final StringWriter out = new StringWriter();

  @BeforeEach
  void directories() throws IOException {
    dir = temp.resolve("spool");
    data = Files.createDirectory(temp.resolve("data"));
  }

  @Test
  @DisplayName("shows what a server's older data lack of one that was given up for new numbers")
  void renumbered() throws IOException {
    SpoolIdentity old = spool(1, 20);
    acknowledged(old, 21);
    renumber(old);
    open().close();
    journal(old, 20);
    assertThat(verify()).as("all of it is there").isZero();

    journal(old, 12); // a backup of an earlier time
    assertThat(verify()).isOne();
    assertThat(out.toString()).contains("missing 13-20");
  }

  @Test
  @DisplayName("leaves out what waited: that has other numbers")
  void renumberedWaiting() throws IOException {
    SpoolIdentity old = spool(1, 20);
    acknowledged(old, 13);
    renumber(old);
    open().close();
    journal(old, 12);
    assertThat(verify()).isZero();
    journal(old, 10);
    assertThat(verify()).isOne();
    assertThat(out.toString()).contains("missing 11-12");
  }

  @Test
  @DisplayName("shows the same of one from before there were keys, which ended empty")
  void renewed() throws IOException {
    SpoolIdentity old = spool(1, 20);
    acknowledged(old, 21);
    Files.delete(dir.resolve("key.json"));
    Files.delete(dir.resolve("key.copy.json"));
    try (Opened opened = open()) {
      assertThat(opened.identity()).isNotEqualTo(old);
    }
    journal(old, 20);
    assertThat(verify()).as("all of it is there").isZero();
    journal(old, 12);
    assertThat(verify()).isOne();
    assertThat(out.toString()).contains("missing 13-20");
  }

  @Test
  @DisplayName("calls nothing lost that a policy had dropped")
  void dropped() throws IOException {
    SpoolIdentity old = spool(1, 20);
    acknowledged(old, 21);
    renumber(old);
    open().close();
    StateFile.write(
        dir.resolve("dropped.json"),
        "{\"epochs\":{\"%s\":{\"from\":1,\"ranges\":[13,21]}}}".formatted(old));
    journal(old, 12);
    assertThat(verify()).isZero();
    assertThat(out.toString()).contains("dropped 13-20");
  }

  @Test
  @DisplayName("calls nothing lost that version 0.1 may have dropped, and nothing proven")
  void mayBeDropped() throws IOException {
    SpoolIdentity old = spool(1, 20);
    acknowledged(old, 21);
    Files.delete(dir.resolve("dropped.json"));
    renumber(old);
    open().close();
    journal(old, 12);
    assertThat(verify()).isEqualTo(3);
    assertThat(out.toString()).contains("not known 13-20");
  }

  @Test
  @DisplayName("stays when what waits of an older epoch gets other numbers")
  void olderRenumbered() throws IOException {
    SpoolIdentity old = spool(1, 20);
    acknowledged(old, 13);
    Files.delete(dir.resolve("identity.json"));
    Files.writeString(dir.resolve("identity.json"), "{\"edge\":\"pi\",\"epoch\":\"0\"}");
    SpoolIdentity fresh;
    try (Opened opened = open()) { // its files contradict each other: it is put aside
      fresh = opened.identity();
    }
    renumber(fresh);
    assertThat(end(old)).isEqualTo("{\"end\":13,\"certain\":false}");
  }

  @Test
  @DisplayName("is also of the epoch that one of the files of a spool is about, and no record")
  void foreignPosition() throws IOException {
    SpoolIdentity old = spool(1, 20);
    SpoolIdentity other = new SpoolIdentity("pi", "0f0f0f0f");
    acknowledged(other, 31);
    open().close();
    assertThat(end(other)).isEqualTo("{\"end\":31,\"certain\":false}");
    assertThat(end(old)).isEqualTo("{\"end\":21,\"certain\":false}");
  }

  @Test
  @DisplayName("is of a hundred; that there were more is said, and then nothing is proven")
  void bounded() throws IOException {
    Files.createDirectories(dir);
    for (int n = 0; n < 103; n++) {
      EpochEnds.note(dir, new SpoolIdentity("pi", "e" + n), 7, true, new Damages());
    }
    JsonObject said = ends();
    assertThat(said.getJsonObject("ends").fieldNames())
        .hasSize(100)
        .contains("pi.e3", "pi.e102")
        .doesNotContain("pi.e2");
    assertThat(said.getLong("forgotten")).isEqualTo(3);

    Files.delete(dir.resolve("ends.json"));
    SpoolIdentity now = spool(1, 5);
    journal(now, 5);
    assertThat(verify()).isZero();
    StateFile.write(dir.resolve("ends.json"), "{\"ends\":{},\"forgotten\":3}");
    assertThat(verify()).isEqualTo(3);
    assertThat(out.toString()).contains("the 3 oldest epochs");
    StateFile.write(dir.resolve("ends.json"), "{\"ends\":{},\"forgotten\":1}");
    assertThat(verify()).isEqualTo(3);
    assertThat(out.toString()).contains("the oldest epoch that ends.json had no room for");
  }

  @Test
  @DisplayName("is of a hundred also where the file had more, and the latest is never among those")
  void boundedAgain() throws IOException {
    Files.createDirectories(dir);
    JsonObject many = new JsonObject();
    for (int n = 0; n < 101; n++) {
      many.put("pi.e" + n, new JsonObject().put("end", 7).put("certain", true));
    }
    StateFile.write(dir.resolve("ends.json"), new JsonObject().put("ends", many).encode());
    EpochEnds.note(dir, new SpoolIdentity("pi", "e0"), 9, true, new Damages());
    EpochEnds.note(dir, new SpoolIdentity("pi", "e101"), 9, true, new Damages());
    assertThat(ends().getJsonObject("ends").fieldNames())
        .hasSize(100)
        .contains("pi.e0", "pi.e101", "pi.e3")
        .doesNotContain("pi.e1", "pi.e2");
    assertThat(ends().getLong("forgotten")).isEqualTo(2);
  }

  // --- what the tests are made of

  private record Opened(Found found) implements AutoCloseable {
    SpoolIdentity identity() {
      return found.current().identity();
    }

    @Override
    public void close() {
      found.close();
    }
  }

  private Opened open() throws IOException {
    Damages damages = new Damages();
    return new Opened(
        Spool.open(
            config(), "pi", new SpoolMemo(dir, damages), damages, TimeSource.SYSTEM, count -> {}));
  }

  private SpoolConfig config() {
    return new SpoolConfig(dir, 1 << 20, 1 << 16, Duration.ZERO, WhenFull.BLOCK);
  }

  private SpoolIdentity spool(int from, int to) throws IOException {
    try (Opened opened = open()) {
      opened
          .found
          .current()
          .journal()
          .append(
              lines(IntStream.rangeClosed(from, to).mapToObj(n -> "{\"n\":" + n + "}").toList()))
          .join();
      return opened.identity();
    }
  }

  private void acknowledged(SpoolIdentity of, long next) throws IOException {
    new AcknowledgedPosition(dir, of).save(next, next < 21 ? 21 : next, next);
  }

  private void renumber(SpoolIdentity identity) throws IOException {
    Damages damages = new Damages();
    Spool.renumber(
        config(), identity, "why", new SpoolMemo(dir, damages), damages, TimeSource.SYSTEM);
  }

  private JsonObject ends() throws IOException {
    return new JsonObject(Files.readString(dir.resolve("ends.json")));
  }

  private String end(SpoolIdentity of) throws IOException {
    return ends().getJsonObject("ends").getJsonObject(of.toString()).encode();
  }

  /** The data of a server that has the first {@code count} records of an epoch. */
  private void journal(SpoolIdentity of, int count) throws IOException {
    Files.writeString(
        data.resolve("ingest.ndjson"),
        IntStream.rangeClosed(1, count)
            .mapToObj(n -> "{\"n\":%d,\"_id\":\"%s.%d\"}\n".formatted(n, of, n))
            .collect(Collectors.joining()));
  }

  private int verify() {
    out.getBuffer().setLength(0);
    return new CommandLine(new Verify())
        .setOut(new PrintWriter(out))
        .execute("--server", data.toString(), "--edge", dir.toString());
  }
}
