package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.lines;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A memo")
class MemoTest {
  @TempDir Path dir;

  /** Remembers words. */
  private static final class Words implements Memo {
    private List<String> words = new ArrayList<>();

    @Override
    public void remember(byte[] memo, long firstOffset, int count) {
      words.add(new String(memo, UTF_8) + "@" + firstOffset + "+" + count);
    }

    @Override
    public byte[] snapshot() {
      return String.join(" ", words).getBytes(UTF_8);
    }

    @Override
    public void restore(byte[] snapshot) {
      words = new ArrayList<>(List.of(new String(snapshot, UTF_8).split(" ")));
    }
  }

  @Test
  @DisplayName("is remembered with its records, and again after a restart")
  void restart() throws Exception {
    Words before = new Words();
    try (Journal journal = open(before, 10_000)) {
      journal.append(numbers(1, 2), "a".getBytes(UTF_8)).join();
      journal.append(lines(), "b".getBytes(UTF_8)).join();
      journal.append(numbers(3, 3)).join();
    }
    assertThat(before.words).containsExactly("a@1+2", "b@3+0");
    Words after = new Words();
    try (Journal journal = open(after, 10_000)) {
      assertThat(after.words).isEqualTo(before.words);
      assertThat(all(journal)).isEqualTo(numbered(1, 3));
    }
  }

  @Test
  @DisplayName("outlives the segment it was written in")
  void release() throws Exception {
    Words before = new Words();
    try (Journal journal = open(before, 1)) {
      for (int n = 1; n <= 5; n++) {
        journal.append(numbers(n, n), ("m" + n).getBytes(UTF_8)).join();
      }
      journal.release(6);
      journal.sync();
    }
    Words after = new Words();
    open(after, 1).close();
    assertThat(after.words).isEqualTo(before.words).hasSize(5);
  }

  @Test
  @DisplayName("is forgotten with a chunk that was torn, and with no other")
  void torn() throws Exception {
    try (Journal journal = open(new Words(), 10_000)) {
      journal.append(numbers(1, 1), "a".getBytes(UTF_8)).join();
      journal.append(numbers(2, 2), "b".getBytes(UTF_8)).join();
    }
    Path active = dir.resolve("j.ndjson");
    String file = Files.readString(active);
    Files.writeString(active, file.substring(0, file.length() - 2));
    Words after = new Words();
    open(after, 10_000).close();
    assertThat(after.words).containsExactly("a@1+1");
  }

  @Test
  @DisplayName("without records does not make the segment grow for ever")
  void alone() throws Exception {
    Memo last =
        new Memo() {
          private byte[] memo = new byte[0];

          @Override
          public void remember(byte[] latest, long firstOffset, int count) {
            memo = latest;
          }

          @Override
          public byte[] snapshot() {
            return memo;
          }

          @Override
          public void restore(byte[] snapshot) {
            memo = snapshot;
          }
        };
    try (Journal journal = open(last, 500)) {
      for (int n = 0; n < 100; n++) {
        journal.append(lines(), ("memo" + n).getBytes(UTF_8)).join();
      }
      journal.sync();
      assertThat(journal.bytes()).isLessThan(700);
      assertThat(journal.append(numbers(1, 1)).join()).isEqualTo(1);
      assertThat(all(journal)).isEqualTo(numbered(1, 1));
    }
    open(last, 500).close();
    assertThat(new String(last.snapshot(), UTF_8)).isEqualTo("memo99");
  }

  @Test
  @DisplayName("is refused by a journal that has none")
  void refused() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.plain(dir, "j"), TimeSource.SYSTEM)) {
      assertThatThrownBy(() -> journal.append(numbers(1, 1), new byte[1]))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> JournalOptions.plain(dir, "j").withMemo(new Words()))
        .hasMessageContaining("FRAMED");
  }

  private Journal open(Memo memo, long segmentBytes) throws Exception {
    return Journal.open(
        JournalOptions.framed(dir, "j").withSegments(segmentBytes, Duration.ZERO).withMemo(memo),
        TimeSource.SYSTEM);
  }
}
