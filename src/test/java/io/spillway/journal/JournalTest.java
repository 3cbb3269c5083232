package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.lines;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.message.Lines;
import io.spillway.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The journal")
class JournalTest {
  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource
  @DisplayName("gives records their offsets, from 1, in the order of the appends")
  void offsets(Format format) throws Exception {
    try (Journal journal = open(format)) {
      assertThat(journal.append(numbers(1, 3)).join()).isEqualTo(1);
      assertThat(journal.append(numbers(4, 4)).join()).isEqualTo(4);
      assertThat(journal.next()).isEqualTo(5);
      assertThat(all(journal)).isEqualTo(numbered(1, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("keeps the order of 10,000 appends that are outstanding at once")
  void order(Format format) throws Exception {
    try (Journal journal = open(format)) {
      List<CompletableFuture<Long>> appended = new ArrayList<>();
      for (int n = 1; n <= 10_000; n++) {
        appended.add(journal.append(numbers(n, n)));
      }
      for (int n = 1; n <= 10_000; n++) {
        assertThat(appended.get(n - 1).join()).isEqualTo(n);
      }
      assertThat(all(journal)).isEqualTo(numbered(1, 10_000));
      assertThat(journal.stats().commits()).isLessThan(10_000);
      assertThat(journal.pendingBytes()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("goes on counting when it is opened again")
  void reopen(Format format) throws Exception {
    try (Journal journal = open(format)) {
      journal.append(numbers(1, 3)).join();
    }
    try (Journal journal = open(format)) {
      assertThat(journal.report()).isEqualTo(new RecoveryReport(3, 0, 0, 0, 0, 4));
      assertThat(journal.append(numbers(4, 5)).join()).isEqualTo(4);
      assertThat(all(journal)).isEqualTo(numbered(1, 5));
    }
  }

  @Test
  @DisplayName("writes nothing but the lines into a PLAIN segment")
  void plainFile() throws Exception {
    try (Journal journal = open(Format.PLAIN)) {
      journal.append(lines("{\"a\":1}", "{\"b\":2}")).join();
    }
    assertThat(Files.readString(dir.resolve("j.ndjson"))).isEqualTo("{\"a\":1}\n{\"b\":2}\n");
  }

  @Test
  @DisplayName("writes header lines that are JSON arrays into a FRAMED segment")
  void framedFile() throws Exception {
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(lines("{\"a\":1}", "{\"b\":2}")).join();
    }
    assertThat(Files.readAllLines(dir.resolve("j.ndjson")))
        .hasSize(4)
        .satisfies(file -> assertThat(file.get(0)).startsWith("[\"segment\",1,0,0,"))
        .satisfies(file -> assertThat(file.get(1)).startsWith("[\"chunk\",1,2,16,"));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("splices the stamp in before the closing brace")
  void stamp(Format format) throws Exception {
    LineStamp stamp =
        (offset, out) -> out.put((",\"_id\":" + offset).getBytes(StandardCharsets.US_ASCII));
    try (Journal journal = Journal.open(options(format).withStamp(stamp), TimeSource.SYSTEM)) {
      journal.append(numbers(1, 2)).join();
      assertThat(all(journal)).containsExactly("1 {\"n\":1,\"_id\":1}", "2 {\"n\":2,\"_id\":2}");
    }
  }

  @Test
  @DisplayName("refuses a line it cannot stamp, and no other")
  void unstampable() throws Exception {
    try (Journal journal =
        Journal.open(options(Format.FRAMED).withStamp((at, out) -> {}), TimeSource.SYSTEM)) {
      CompletableFuture<Long> bad = journal.append(lines("no object"));
      assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalArgumentException.class);
      assertThat(journal.append(numbers(1, 1)).join()).isEqualTo(1);
      assertThat(journal.pendingBytes()).isZero();
    }
  }

  @Test
  @DisplayName("stores an append larger than a commit, whole")
  void large() throws Exception {
    Lines large = numbers(1, 300_000);
    assertThat(large.length()).isGreaterThan(3 * Writer.COMMIT_BYTES);
    try (Journal journal = open(Format.FRAMED)) {
      journal.append(large).join();
    }
    try (Journal journal = open(Format.FRAMED)) {
      assertThat(journal.report().records()).isEqualTo(300_000);
    }
  }

  @Test
  @DisplayName("stores as much with a linger as without")
  void linger() throws Exception {
    JournalOptions options = options(Format.PLAIN).withLinger(Duration.ofMillis(1));
    try (Journal journal = Journal.open(options, TimeSource.SYSTEM)) {
      CompletableFuture<Long> last = null;
      for (int n = 1; n <= 1000; n++) {
        last = journal.append(numbers(n, n));
      }
      last.join();
      assertThat(all(journal)).isEqualTo(numbered(1, 1000));
    }
  }

  @Test
  @DisplayName("commits what waits when it is closed, and then refuses more")
  void close() throws Exception {
    Journal journal = open(Format.PLAIN);
    CompletableFuture<Long> waiting = journal.append(numbers(1, 100));
    journal.close();
    assertThat(waiting.join()).isEqualTo(1);
    assertThatThrownBy(() -> journal.append(numbers(1, 1)).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(JournalFailure.class)
        .hasMessageContaining("closed");
  }

  @Test
  @DisplayName("is open once only, and says who has it")
  void locked() throws Exception {
    try (Journal first = open(Format.PLAIN)) {
      assertThatThrownBy(() -> open(Format.PLAIN))
          .isInstanceOf(JournalLockedException.class)
          .hasMessageContaining(dir.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThat(first.append(numbers(1, 1)).join()).isEqualTo(1);
    }
    open(Format.PLAIN).close();
  }

  private Journal open(Format format) throws Exception {
    return Journal.open(options(format), TimeSource.SYSTEM);
  }

  private JournalOptions options(Format format) {
    return format == Format.PLAIN
        ? JournalOptions.plain(dir, "j")
        : JournalOptions.framed(dir, "j");
  }
}
