package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.numbered;
import static io.spillway.journal.JournalLines.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.kit.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The segments of a journal")
class SegmentsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path dir;
  private final ManualTime time = new ManualTime(System.currentTimeMillis());

  @ParameterizedTest
  @EnumSource
  @DisplayName("are closed when full, and named by their first offset")
  void full(Format format) throws Exception {
    try (Journal journal = open(small(format))) {
      appendOneByOne(journal, 1, 3);
      assertThat(names())
          .contains("j-00000000000000000001.ndjson", "j-00000000000000000003.ndjson", "j.ndjson");
      assertThat(journal.stats().segments()).isEqualTo(4);
      assertThat(journal.bytes()).isEqualTo(sizes());
    }
    try (Journal journal = open(small(format))) {
      assertThat(all(journal)).isEqualTo(numbered(1, 3));
      assertThat(journal.bytes()).isEqualTo(sizes());
    }
  }

  @Test
  @DisplayName("are named and found again alike where digits are not those of ASCII")
  void otherDigits() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      full(Format.PLAIN);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  @DisplayName("are closed when old, even if nothing is written any more")
  void old() throws Exception {
    CountDownLatch rotated = new CountDownLatch(1);
    try (Journal journal = open(options(Format.PLAIN).withSegments(1000, HOUR))) {
      journal.onRotate(rotated::countDown);
      appendOneByOne(journal, 1, 1);
      time.pass(HOUR);
      journal.tick();
      assertThat(rotated.await(10, TimeUnit.SECONDS)).isTrue();
      appendOneByOne(journal, 2, 2);
      assertThat(names()).contains("j-00000000000000000001.ndjson");
    }
  }

  @Test
  @DisplayName("stay as they are while the active one is empty")
  void empty() throws Exception {
    try (Journal journal = open(options(Format.PLAIN).withSegments(1000, HOUR))) {
      time.pass(HOUR.multipliedBy(3));
      assertThat(journal.dropOldest()).isZero();
      assertThat(names()).noneMatch(name -> name.startsWith("j-"));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("go when released, and the numbers go on")
  void release(Format format) throws Exception {
    try (Journal journal = open(small(format))) {
      appendOneByOne(journal, 1, 5);
      journal.release(4);
      settle(journal);
      assertThat(journal.first()).isEqualTo(4);
      assertThat(all(journal)).isEqualTo(numbered(4, 5));
      journal.release(6);
      settle(journal);
      assertThat(journal.first()).isEqualTo(6);
    }
    assertThat(names()).noneMatch(name -> name.startsWith("j-"));
    try (Journal journal = open(small(format))) {
      assertThat(journal.append(numbers(6, 6)).join()).isEqualTo(6);
    }
  }

  @Test
  @DisplayName("go with the active one if all of it is released and it is worth the effort")
  void releaseActive() throws Exception {
    try (Journal journal = open(options(Format.PLAIN).withSegments(500, Duration.ZERO))) {
      journal.append(numbers(1, 30)).join();
      journal.release(31);
      settle(journal);
      assertThat(journal.first()).isEqualTo(31);
      journal.append(numbers(31, 32)).join();
      journal.release(33);
      settle(journal);
      assertThat(journal.first()).as("two records are not worth a rotation").isEqualTo(31);
    }
  }

  @Test
  @DisplayName("tell how long the records are that are not released, without headers")
  void bytesFrom() throws Exception {
    try (Journal journal = open(small(Format.FRAMED))) {
      assertThat(journal.bytesFrom(1)).isZero();
      appendOneByOne(journal, 1, 5);
      settle(journal);
      long each = numbers(1, 1).length();
      long frames = 5 * 64; // of five commits, at most
      assertThat(journal.bytesFrom(1)).isBetween(5 * each, 5 * each + frames);
      assertThat(journal.bytesFrom(1)).isLessThan(journal.bytes());
      for (int n = 1; n <= 5; n++) {
        assertThat(journal.bytesFrom(n) - journal.bytesFrom(n + 1)).isBetween(each, each + 64);
      }
      assertThat(journal.bytesFrom(0)).isEqualTo(journal.bytesFrom(1));
      long fromFour = journal.bytesFrom(4);
      journal.release(4);
      settle(journal);
      assertThat(journal.first()).isEqualTo(4);
      assertThat(journal.bytesFrom(4)).isEqualTo(fromFour);
      assertThat(journal.bytesFrom(1)).isEqualTo(fromFour);
      assertThat(journal.bytesFrom(6)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("are dropped oldest first, telling how many records that were")
  void dropOldest(Format format) throws Exception {
    try (Journal journal = open(options(format).withSegments(60, Duration.ZERO))) {
      journal.append(numbers(1, 8)).join();
      journal.append(numbers(9, 10)).join();
      assertThat(journal.dropOldest()).isEqualTo(8);
      assertThat(journal.dropOldest()).isEqualTo(2);
      assertThat(journal.dropOldest()).isZero();
      assertThat(journal.append(numbers(11, 11)).join()).isEqualTo(11);
    }
  }

  @Test
  @DisplayName("go when all together are too long")
  void keepBytes() throws Exception {
    JournalOptions options = small(Format.PLAIN).withRetention(40, Duration.ZERO);
    try (Journal journal = open(options)) {
      journal.retainFrom(Long.MAX_VALUE);
      appendOneByOne(journal, 1, 9);
      assertThat(journal.first()).isEqualTo(5);
      assertThat(journal.bytes()).isLessThanOrEqualTo(40);
    }
  }

  @Test
  @DisplayName("do not go before the next one has come, however long the last one is")
  void longerThanKept() throws Exception {
    JournalOptions options = small(Format.PLAIN).withRetention(40, Duration.ZERO);
    try (Journal journal = open(options)) {
      journal.retainFrom(Long.MAX_VALUE);
      journal.append(numbers(1, 20)).join();
      settle(journal);
      assertThat(journal.first()).isEqualTo(1);
      journal.append(numbers(21, 40)).join();
      settle(journal);
      assertThat(journal.first()).isEqualTo(21);
    }
  }

  @Test
  @DisplayName("all stay, however many and old, until it is said from where on they are needed")
  void readFirst() throws Exception {
    try (Journal journal = open(small(Format.PLAIN))) {
      appendOneByOne(journal, 1, 9);
    }
    Files.setLastModifiedTime(
        new Layout(dir, "j").closed(1), FileTime.from(Instant.now().minus(HOUR.multipliedBy(2))));
    try (Journal journal = open(small(Format.PLAIN).withRetention(40, HOUR))) {
      settle(journal);
      assertThat(all(journal)).isEqualTo(numbered(1, 9));
      journal.retainFrom(10);
      settle(journal);
      assertThat(journal.first()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("go as soon as nothing has to be rebuilt from them any more")
  void retained() throws Exception {
    JournalOptions options = small(Format.PLAIN).withRetention(40, Duration.ZERO);
    try (Journal journal = open(options)) {
      journal.retainFrom(1);
      appendOneByOne(journal, 1, 9);
      assertThat(journal.first()).isEqualTo(1);
      journal.retainFrom(10);
      settle(journal);
      assertThat(journal.first()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("go when they are too old")
  void keepAge() throws Exception {
    try (Journal journal = open(small(Format.PLAIN).withRetention(0, HOUR))) {
      journal.retainFrom(Long.MAX_VALUE);
      appendOneByOne(journal, 1, 3);
      Files.setLastModifiedTime(
          new Layout(dir, "j").closed(1), FileTime.from(Instant.now().minus(HOUR.multipliedBy(2))));
      time.pass(Duration.ofMinutes(2));
      journal.tick();
      settle(journal);
      settle(journal);
      assertThat(all(journal)).isEqualTo(numbered(2, 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("are numbered right after a crash between rename and new state")
  void crashAfterRename(Format format) throws Exception {
    try (Journal journal = open(options(format))) {
      appendOneByOne(journal, 1, 3);
    }
    Files.move(dir.resolve("j.ndjson"), new Layout(dir, "j").closed(1));
    try (Journal journal = open(options(format))) {
      assertThat(journal.append(numbers(4, 4)).join()).isEqualTo(4);
      assertThat(all(journal)).isEqualTo(numbered(1, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("are numbered right after a crash between new state and new file")
  void crashAfterState(Format format) throws Exception {
    try (Journal journal = open(small(format))) {
      appendOneByOne(journal, 1, 3);
    }
    Files.delete(dir.resolve("j.ndjson"));
    Files.writeString(dir.resolve("j.state.tmp"), "{\"fir");
    try (Journal journal = open(small(format))) {
      assertThat(journal.append(numbers(4, 4)).join()).isEqualTo(4);
      assertThat(all(journal)).isEqualTo(numbered(1, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("are numbered right when the state is lost")
  void noState(Format format) throws Exception {
    try (Journal journal = open(options(format).withSegments(60, Duration.ZERO))) {
      journal.append(numbers(1, 9)).join();
      journal.append(numbers(10, 11)).join();
    }
    Files.delete(dir.resolve("j.state"));
    try (Journal journal = open(options(format))) {
      assertThat(journal.append(numbers(12, 12)).join()).isEqualTo(12);
      assertThat(all(journal)).isEqualTo(numbered(1, 12));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"first\":5,\"next\":5,\"crc32c\":\"00000000\"}",
        "{\"first\":5,\"next\":5}",
        "\u0000\u00ff",
        ""
      })
  @DisplayName("are numbered by the segment before, where the state is damaged or contradicts it")
  void wrongState(String state) throws Exception {
    try (Journal journal = open(options(Format.PLAIN).withSegments(60, Duration.ZERO))) {
      journal.append(numbers(1, 9)).join();
      journal.append(numbers(10, 11)).join();
    }
    Files.writeString(dir.resolve("j.state"), state, StandardCharsets.ISO_8859_1);
    try (Journal journal = open(options(Format.PLAIN))) {
      assertThat(journal.append(numbers(12, 12)).join()).isEqualTo(12);
      assertThat(all(journal)).isEqualTo(numbered(1, 12));
    }
  }

  @Test
  @DisplayName("stay when the clock is ahead for a minute, however old they look")
  void clockAhead() throws Exception {
    try (Journal journal = open(small(Format.PLAIN).withRetention(0, HOUR.multipliedBy(720)))) {
      journal.retainFrom(Long.MAX_VALUE);
      appendOneByOne(journal, 1, 3);
      long now = time.wallMs();
      time.set(now + Duration.ofDays(40).toMillis());
      time.pass(Duration.ofMinutes(2));
      journal.tick();
      settle(journal);
      time.set(now + Duration.ofMinutes(3).toMillis());
      time.pass(Duration.ofMinutes(2));
      journal.tick();
      settle(journal);
      assertThat(all(journal)).isEqualTo(numbered(1, 3));
    }
  }

  @Test
  @DisplayName("are looked through by time that passes, not by a clock that was set back")
  void clockBack() throws Exception {
    try (Journal journal = open(small(Format.PLAIN).withRetention(0, HOUR))) {
      journal.retainFrom(Long.MAX_VALUE);
      appendOneByOne(journal, 1, 3);
      time.set(time.wallMs() - Duration.ofMinutes(30).toMillis());
      Files.setLastModifiedTime(
          new Layout(dir, "j").closed(1), FileTime.from(Instant.now().minus(HOUR.multipliedBy(2))));
      time.pass(Duration.ofMinutes(2));
      journal.tick();
      settle(journal);
      settle(journal);
      assertThat(all(journal)).isEqualTo(numbered(2, 3));
    }
  }

  @Test
  @DisplayName("tell their owner before they are closed, and survive its mistakes")
  void onRotate() throws Exception {
    List<Boolean> stillActive = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (Journal journal = open(small(Format.PLAIN))) {
      journal.onRotate(
          () -> {
            stillActive.add(!Files.exists(new Layout(dir, "j").closed(1)));
            throw new IllegalStateException("the owner's mistake");
          });
      appendOneByOne(journal, 1, 1);
      assertThat(stillActive).containsExactly(true);
      assertThat(journal.append(numbers(2, 2)).join()).isEqualTo(2);
    }
  }

  private static void appendOneByOne(Journal journal, int from, int to) {
    for (int n = from; n <= to; n++) {
      journal.append(numbers(n, n)).join();
    }
    settle(journal);
  }

  /** What was asked of the writer before has been done, and the tidying behind a commit too. */
  private static void settle(Journal journal) {
    journal.sync();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private long sizes() throws IOException {
    long sum = 0;
    for (String name : names()) {
      sum += name.endsWith(".ndjson") ? Files.size(dir.resolve(name)) : 0;
    }
    return sum;
  }

  private Journal open(JournalOptions options) throws Exception {
    return Journal.open(options, Disk.REAL, time);
  }

  /** One append fills a segment. */
  private JournalOptions small(Format format) {
    return options(format).withSegments(1, Duration.ZERO);
  }

  private JournalOptions options(Format format) {
    return format == Format.PLAIN
        ? JournalOptions.plain(dir, "j")
        : JournalOptions.framed(dir, "j");
  }
}
