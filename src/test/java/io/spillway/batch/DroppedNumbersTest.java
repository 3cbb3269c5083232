package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalOptions;
import io.spillway.time.TimeSource;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a spool notes of what it drops")
class DroppedNumbersTest {
  private static final SpoolIdentity ATTIC = new SpoolIdentity("attic", "e1");
  private static final SpoolIdentity LATER = new SpoolIdentity("attic", "e2");

  @TempDir private Path dir;

  @Test
  @DisplayName("is on disk at once, joined where ranges touch, for each epoch by itself")
  void ranges() throws IOException {
    begun(ATTIC).deleting(1, 51);
    DroppedNumbers dropped = begun(ATTIC);
    dropped.deleting(51, 101);
    dropped.deleting(201, 301);
    begun(LATER).deleting(1, 11);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[1,101,201,301],\"undecided\":1}");
    assertThat(noted(LATER)).isEqualTo("{\"from\":1,\"ranges\":[1,11],\"undecided\":1}");
  }

  @Test
  @DisplayName("has a bound, and says from where on it is complete")
  void bounded() throws IOException {
    DroppedNumbers dropped = begun(ATTIC);
    for (int i = 0; i <= DroppedNumbers.RANGES_MAX; i++) {
      dropped.deleting(1 + 10L * i, 6 + 10L * i);
    }
    JsonObject noted = new JsonObject(noted(ATTIC));
    assertThat(noted.getLong("from")).isEqualTo(6);
    assertThat(noted.getJsonArray("ranges")).hasSize(2 * DroppedNumbers.RANGES_MAX);
  }

  @Test
  @DisplayName("is not what the server turns out to have, also after a crash in between")
  void storedAfterAll() throws IOException {
    begun(ATTIC).deleting(1, 301);
    DroppedNumbers dropped = begun(ATTIC);
    assertThat(dropped.undecided()).isEqualTo(1);
    dropped.settle(101, 101);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[101,301],\"undecided\":101}");
    dropped.settle(201, 301);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[201,301]}");
    assertThat(begun(ATTIC).undecided()).isEqualTo(DroppedNumbers.DECIDED);

    dropped.deleting(401, 501);
    dropped.settle(451, 481);
    assertThat(noted(ATTIC))
        .as("what was decided before stays")
        .isEqualTo("{\"from\":1,\"ranges\":[201,301,451,501],\"undecided\":481}");
    dropped.settle(601, 601);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[201,301,451,481]}");
    assertThat(dropped.droppedBelow(601)).isEqualTo(481);
    assertThat(dropped.droppedBelow(460)).isEqualTo(460);
    assertThat(dropped.droppedBelow(400)).isEqualTo(301);
    assertThat(dropped.droppedBelow(100)).isEqualTo(1);
  }

  @Test
  @DisplayName("is nothing that was acknowledged before it went")
  void acknowledged() throws IOException {
    DroppedNumbers dropped = begun(ATTIC);
    dropped.assured(51);
    dropped.deleting(1, 51);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[]}");
    dropped.deleting(31, 81);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[51,81],\"undecided\":51}");
  }

  @Test
  @DisplayName("begins anew where the file is damaged")
  void damaged() throws IOException {
    begun(ATTIC).deleting(1, 51);
    Path file = dir.resolve("dropped.json");
    Files.writeString(file, Files.readString(file).replace("51", "91"));
    Damages damages = new Damages();
    DroppedNumbers.read(dir, damages);
    assertThat(damages.count()).isOne();
    begun(ATTIC);
    assertThat(noted(ATTIC)).isEqualTo("{\"from\":1,\"ranges\":[]}");
  }

  private DroppedNumbers begun(SpoolIdentity of) throws IOException {
    DroppedNumbers dropped = DroppedNumbers.read(dir, new Damages());
    try (Journal journal = open()) {
      dropped.begin(of, journal);
    }
    return dropped;
  }

  private Journal open() throws IOException {
    return Journal.open(JournalOptions.framed(dir.resolve("j"), "spool"), TimeSource.SYSTEM);
  }

  private String noted(SpoolIdentity of) throws IOException {
    JsonObject all = new JsonObject(Files.readString(dir.resolve("dropped.json")));
    return all.getJsonObject("epochs").getJsonObject(of.toString()).encode();
  }
}
