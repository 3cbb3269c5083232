package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.Heard;
import io.spillway.kit.RunningTime;
import io.spillway.message.Lines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a policy deletes")
class DeletionTest {
  private static final String FULL = "No space left on device";
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final String DENIED = "dropped.json: permission denied";

  /** Notes that fail when they are told to. */
  private static final class Notes implements DeletionNotes {
    final List<String> said = new ArrayList<>();
    String before;
    String behind;

    @Override
    public void deleting(long first, long next) throws IOException {
      fail(before);
      said.add("noted " + first + "-" + next);
    }

    @Override
    public void deletingForRoom(long first, long next) {
      said.add("for room " + first + "-" + next);
    }

    @Override
    public void deleted() throws IOException {
      fail(behind);
      said.add("deleted");
    }

    private static void fail(String why) throws IOException {
      if (why != null) {
        throw new IOException(why);
      }
    }
  }

  @TempDir private Path dir;
  private final FaultyDisk disk = new FaultyDisk();
  private final Notes notes = new Notes();
  private final RunningTime time = new RunningTime();

  @Test
  @DisplayName("stays while it cannot be noted, which is told once and with a cure")
  void unnoted() throws Exception {
    try (Journal journal = open();
        Heard heard = new Heard("io.spillway.journal.Deletion")) {
      append(journal, 4);
      notes.before = DENIED;
      notes.behind = DENIED;
      assertThat(journal.dropOldest()).isZero();
      assertThat(journal.dropOldest()).isZero();
      assertThat(journal.first()).isEqualTo(1);
      assertThat(journal.stuck()).hasMessageContaining(DENIED);
      assertThat(heard.lines())
          .singleElement()
          .asString()
          .contains("before it can be noted", "this user may write there", DENIED);
      notes.before = null;
      assertThat(journal.dropOldest()).isEqualTo(9);
      assertThat(notes.said).containsExactly("noted 1-10");
      assertThat(heard.lines()).last().asString().contains("is noted again");
    }
  }

  @Test
  @DisplayName("is noted again as soon as that can be, though nobody wants room meanwhile")
  void notedAgain() throws Exception {
    try (Journal journal = open()) {
      append(journal, 4);
      notes.before = DENIED;
      notes.behind = DENIED;
      assertThat(journal.dropOldest()).isZero();
      notes.behind = null;
      time.pass(A_SECOND);
      journal.sync();
      assertThat(journal.stuck()).isNull();
      assertThat(notes.said).containsExactly("deleted");

      assertThat(journal.dropOldest()).isZero();
      notes.behind = FULL;
      time.pass(A_SECOND);
      journal.sync();
      assertThat(journal.stuck()).as("the next may go for room").isNull();
    }
  }

  @Test
  @DisplayName("is noted once more where the journal ends")
  void closed() throws Exception {
    try (Journal journal = open()) {
      append(journal, 4);
      notes.before = FULL;
      notes.behind = FULL;
      assertThat(journal.dropOldest()).isEqualTo(9);
      notes.behind = null;
    }
    assertThat(notes.said).containsExactly("for room 1-10", "deleted");
  }

  @Test
  @DisplayName("goes before it is noted where it makes the room for that, once")
  void forRoom() throws Exception {
    try (Journal journal = open()) {
      append(journal, 4);
      notes.before = FULL;
      assertThat(journal.dropOldest()).isEqualTo(9);
      assertThat(notes.said).containsExactly("for room 1-10", "deleted");
      notes.behind = FULL;
      assertThat(journal.dropOldest()).isEqualTo(9);
      assertThat(journal.dropOldest()).as("the last is not noted yet").isZero();
      assertThat(journal.stuck()).hasMessageContaining(FULL);
      notes.behind = null;
      time.pass(A_SECOND);
      journal.sync(); // and nobody wants room
      assertThat(notes.said).last().isEqualTo("deleted");
      assertThat(journal.stuck()).isNull();
    }
  }

  @Test
  @DisplayName("goes for room though something else had kept one from going before")
  void fullBehindAnotherReason() throws Exception {
    try (Journal journal = open()) {
      append(journal, 4);
      notes.before = DENIED;
      assertThat(journal.dropOldest()).isZero();
      notes.before = FULL;
      assertThat(journal.dropOldest()).isEqualTo(9);
    }
  }

  @Test
  @DisplayName("stays where the disk deletes nothing: there are bounds to what is left to be")
  void undeleted() throws Exception {
    try (Journal journal = open();
        Heard heard = new Heard("io.spillway.journal.Deletion")) {
      append(journal, 30);
      disk.failDelete = true;
      long gone = 0;
      for (int i = 0; i < 30; i++) {
        gone += journal.dropOldest();
      }
      assertThat(gone).isEqualTo(8 * 9);
      assertThat(journal.stuck()).hasMessageContaining("Permission denied");
      assertThat(heard.lines())
          .singleElement()
          .asString()
          .contains("is tried again each second", "this user may delete it", "Permission denied");
      disk.failDelete = false;
      journal.sync();
      assertThat(segments()).hasSize(30 - 8);
      assertThat(journal.stuck()).isNull();
      assertThat(journal.dropOldest()).isEqualTo(9);
    }
  }

  @Test
  @DisplayName("and what was released stays within the same bounds")
  void releasedButUndeleted() throws Exception {
    try (Journal journal = open()) {
      append(journal, 30);
      disk.failDelete = true;
      journal.release(200);
      journal.sync();
      assertThat(journal.first()).isEqualTo(8 * 9 + 1);
      disk.failDelete = false;
      journal.sync();
      journal.sync();
      assertThat(journal.first()).isEqualTo(199);
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> file.getFileName().toString().startsWith("j-")).toList();
    }
  }

  /** So many segments of nine records. */
  private static void append(Journal journal, int segments) {
    byte[] nine = "{\"n\":10000}\n".repeat(9).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < segments; i++) {
      journal.append(new Lines(nine, 9)).join();
    }
    journal.sync();
  }

  private Journal open() throws IOException {
    JournalOptions options =
        JournalOptions.framed(dir, "j").withSegments(100, Duration.ZERO).withNotes(notes);
    return Journal.open(options, disk, time);
  }
}
