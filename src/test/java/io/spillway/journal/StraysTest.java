package io.spillway.journal;

import static io.spillway.journal.JournalLines.all;
import static io.spillway.journal.JournalLines.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.kit.Fifo;
import io.spillway.kit.Heard;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A journal whose directory has something of the wrong name or kind")
class StraysTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "j-99999999999999999999.ndjson",
        "j-99999999999999999999.ndjson.gz",
        "j-00000000000000000000.ndjson",
        "j-09999999999999999999.ndjson.piece"
      })
  @DisplayName("puts a segment aside whose number no record can have, and goes on as before")
  void misnamed(String name) throws IOException {
    append();
    Files.writeString(dir.resolve(name), "{}\n");
    goesOnWith("1 {\"v\":1}", "2 {\"v\":2}");
    assertThat(dir.resolve(name)).doesNotExist();
    assertThat(dir.resolve("quarantine").resolve(name + "-0-1")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "j.ndjson.tmp",
        "j.state",
        "j.state.tmp",
        "j.split",
        "j-00000000000000000001.ndjson",
        "j-00000000000000000001.ndjson.gz",
        "j-00000000000000000001.ndjson.piece",
        "j-00000000000000000001.ndjson.gz.tmp"
      })
  @DisplayName("puts a directory aside that stands where a file should, and goes on as before")
  void directory(String name) throws IOException {
    append();
    Files.deleteIfExists(dir.resolve(name));
    Files.createDirectories(dir.resolve(name).resolve("in"));
    goesOnWith("1 {\"v\":1}", "2 {\"v\":2}");
    assertThat(dir.resolve("quarantine").resolve(name + "-0-1").resolve("in")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "j.ndjson.tmp",
        "j.state",
        "j.state.tmp",
        "j.split",
        "j-00000000000000000001.ndjson",
        "j-00000000000000000001.ndjson.gz",
      })
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  @DisplayName("waits for no FIFO that stands where a file should: it is put aside")
  void fifo(String name) throws Exception {
    append();
    Files.deleteIfExists(dir.resolve(name));
    Fifo.make(dir.resolve(name));
    goesOnWith("1 {\"v\":1}", "2 {\"v\":2}");
    assertThat(dir.resolve("quarantine").resolve(name + "-0-1")).exists();
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  @DisplayName("begins a segment where a FIFO stands in place of the one being written")
  void activeFifo(Format format) throws Exception {
    Fifo.make(dir.resolve("j.ndjson"));
    Damages damages = new Damages();
    JournalOptions options =
        format == Format.PLAIN ? JournalOptions.plain(dir, "j") : JournalOptions.framed(dir, "j");
    try (Journal journal = Journal.open(options, State.NONE, damages, TimeSource.SYSTEM)) {
      assertThat(journal.append(lines("{\"v\":1}")).join()).isEqualTo(1);
    }
    assertThat(damages.words()).startsWith(dir.resolve("j.ndjson") + ": is a FIFO, kept as ");
  }

  @Test
  @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
  @DisplayName("takes nothing into a FIFO that came in place of its file, and says what to do")
  void fifoWhileWriting() throws Exception {
    JournalOptions options = JournalOptions.plain(dir, "j");
    try (Journal journal = Journal.open(options, State.NONE, new Damages(), TimeSource.SYSTEM)) {
      journal.append(lines("{\"v\":1}")).join();
      Files.delete(dir.resolve("j.ndjson"));
      Fifo.make(dir.resolve("j.ndjson"));
      assertThat(journal.append(lines("{\"v\":2}"))).failsWithin(Duration.ofSeconds(10));
      journal.resume();
      assertThat(journal.append(lines("{\"v\":2}")))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("is a FIFO, and a file is needed there: move it away");
      Files.delete(dir.resolve("j.ndjson"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "j.ndjson.tmp",
        "j.state",
        "j.state.tmp",
        "j.split",
        "j-00000000000000000001.ndjson",
        "j-00000000000000000001.ndjson.gz",
      })
  @DisplayName("puts a link aside that leads nowhere, and goes on as before")
  void linkToNothing(String name) throws IOException {
    append();
    Files.deleteIfExists(dir.resolve(name));
    Files.createSymbolicLink(dir.resolve(name), dir.resolve("gone"));
    goesOnWith("1 {\"v\":1}", "2 {\"v\":2}");
    assertThat(dir.resolve("quarantine").resolve(name + "-0-1")).isSymbolicLink();
    assertThat(dir.resolve("gone")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("begins a segment in place of a link that leads nowhere, and keeps each of them")
  void activeLinkToNothing(Format format) throws IOException {
    for (int n = 1; n <= 2; n++) {
      Files.deleteIfExists(dir.resolve("j.ndjson"));
      Files.createSymbolicLink(dir.resolve("j.ndjson"), Path.of("gone"));
      Damages damages = new Damages();
      JournalOptions options =
          format == Format.PLAIN ? JournalOptions.plain(dir, "j") : JournalOptions.framed(dir, "j");
      try (Journal journal = Journal.open(options, State.NONE, damages, TimeSource.SYSTEM)) {
        journal.append(lines("{\"v\":1}")).join();
      }
      assertThat(damages.words())
          .startsWith(dir.resolve("j.ndjson") + ": is a link that leads nowhere, kept as ");
      assertThat(dir.resolve("quarantine").resolve("j.ndjson-0-" + n)).isSymbolicLink();
    }
    assertThat(dir.resolve("gone")).doesNotExist();
  }

  @Test
  @DisplayName("is not opened where its lock is a link that leads nowhere, and says what to do")
  void lockLinkToNothing() throws IOException {
    Path lock = new Layout(dir, "j").lock();
    Files.deleteIfExists(lock);
    Files.createSymbolicLink(lock, dir.resolve("gone").resolve("lock"));
    assertThatThrownBy(this::append)
        .satisfies(
            error ->
                assertThat(UnusableDirectory.of("edge.spool.dir", dir, "pi", error))
                    .hasMessageContaining(
                        "is a link that leads nowhere, and a file is needed there: move it away;"
                            + " mend that, and start again"));
  }

  @Test
  @DisplayName("knows what it cannot open")
  void otherKinds() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(dir.resolve("socket")));
      assertThat(FileKind.fault(dir.resolve("socket"))).isEqualTo("is a socket");
    }
    assertThat(FileKind.fault(Path.of("/dev/null"))).isEqualTo("is a device");
    assertThat(FileKind.fault(dir)).isEqualTo("is a directory");
    assertThat(FileKind.fault(dir.resolve("none"))).isEmpty();
    Files.createSymbolicLink(dir.resolve("circle"), dir.resolve("circle"));
    assertThat(FileKind.fault(dir.resolve("circle"))).isEqualTo("is a link that leads nowhere");
    Files.createSymbolicLink(dir.resolve("link"), Files.createFile(dir.resolve("file")));
    assertThat(FileKind.fault(dir.resolve("link"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("begins a segment where a directory stands in place of the one being written")
  void active(Format format) throws IOException {
    Files.createDirectories(dir.resolve("j.ndjson").resolve("in"));
    Damages damages = new Damages();
    JournalOptions options =
        format == Format.PLAIN ? JournalOptions.plain(dir, "j") : JournalOptions.framed(dir, "j");
    try (Journal journal = Journal.open(options, State.NONE, damages, TimeSource.SYSTEM)) {
      assertThat(journal.append(lines("{\"v\":1}")).join()).isEqualTo(1);
      assertThat(journal.report().quarantinedFiles()).isEqualTo(1);
    }
    assertThat(damages.words())
        .startsWith(dir.resolve("j.ndjson") + ": is a directory, kept as ")
        .endsWith("; records that were in it are not read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"j.state", "j.state.tmp"})
  @DisplayName("makes its quarantine where a file is called so, and keeps that in it")
  void quarantine(String directory) throws IOException {
    append();
    Files.writeString(dir.resolve("quarantine"), "mine");
    Files.deleteIfExists(dir.resolve(directory));
    Files.createDirectory(dir.resolve(directory));
    goesOnWith("1 {\"v\":1}", "2 {\"v\":2}");
    assertThat(dir.resolve("quarantine").resolve("quarantine-0-1")).hasContent("mine");
    assertThat(dir.resolve("quarantine").resolve(directory + "-0-1")).isDirectory();
  }

  @Test
  @DisplayName("tells that a directory stood where a file is written, and where it is now")
  void told() throws IOException {
    Path stray = Files.createDirectory(dir.resolve("some.json.tmp"));
    try (Heard heard = new Heard("io.spillway.journal.Disk")) {
      StateFile.write(dir.resolve("some.json"), "{\"a\":1}");
      assertThat(heard.lines())
          .containsExactly(
              "WARN %s: is a directory, and a file is needed there; kept as %s"
                  .formatted(stray, dir.resolve("quarantine").resolve("some.json.tmp-0-1")));
    }
  }

  private void append() throws IOException {
    try (Journal journal = open()) {
      journal.append(lines("{\"v\":1}")).join();
    }
  }

  private void goesOnWith(String... records) throws IOException {
    try (Journal journal = open()) {
      journal.append(lines("{\"v\":2}")).join();
      assertThat(all(journal)).containsExactly(records);
    }
  }

  private Journal open() throws IOException {
    return Journal.open(JournalOptions.plain(dir, "j"), TimeSource.SYSTEM);
  }
}
