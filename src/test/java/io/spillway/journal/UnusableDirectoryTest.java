package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A directory that cannot be used")
class UnusableDirectoryTest {
  private static final Path DIR = Path.of("/var/lib/spillway-x");

  @Test
  @DisplayName("is told with its key, the user who may not, and the cure")
  void denied() {
    assertThat(words(new AccessDeniedException("/var/lib/spillway-x")))
        .isEqualTo(
            "edge.spool.dir: /var/lib/spillway-x: permission denied for user pi; give it to that"
                + " user (sudo install -d -o pi /var/lib/spillway-x), or name another directory");
  }

  @Test
  @DisplayName("is given to the user with all that is in it where it is there already")
  void filesOfAnother(@TempDir Path there) {
    for (String file : List.of("", "/lock", "/ingest.ndjson", "/identity.json")) {
      IOException error = new AccessDeniedException(there + file);
      assertThat(UnusableDirectory.of("server.journal.dir", there, "pi", error).getMessage())
          .endsWith(
              "permission denied for user pi; give it to that user (sudo chown -R pi %s), or name another directory"
                  .formatted(there));
    }
  }

  @Test
  @DisplayName("is told with the file in it that does not work, and why")
  void file() {
    assertThat(words(new AccessDeniedException("/var/lib/spillway-x/lock")))
        .startsWith("edge.spool.dir: /var/lib/spillway-x: /var/lib/spillway-x/lock: permission");
    assertThat(words(new FileSystemException("/var/lib", null, "Not a directory")))
        .isEqualTo(
            "edge.spool.dir: /var/lib/spillway-x: /var/lib: Not a directory; mend that, and start"
                + " again");
  }

  @Test
  @DisplayName("is told to be full, or read-only")
  void full() {
    assertThat(words(Disk.named(DIR.resolve("a"), new IOException("No space left on device"))))
        .isEqualTo(
            "edge.spool.dir: /var/lib/spillway-x: /var/lib/spillway-x/a: the disk is full; free"
                + " space, and start again");
    assertThat(words(new FileSystemException(DIR.toString(), null, "Read-only file system")))
        .contains("the file system is read-only");
  }

  @Test
  @DisplayName(
      "is told without Java's words where a path leads nowhere, or to what is no directory")
  void nowhere() {
    assertThat(words(new NoSuchFileException(DIR.toString())))
        .isEqualTo(
            "edge.spool.dir: /var/lib/spillway-x: cannot be made there; name another directory");
    assertThat(words(new FileAlreadyExistsException(DIR.toString())))
        .isEqualTo(
            "edge.spool.dir: /var/lib/spillway-x: a file is where a directory has to be; move it"
                + " away, or name another directory");
    assertThat(words(new FileSystemException("/tmp", null, "Is a directory")))
        .isEqualTo(
            "edge.spool.dir: /var/lib/spillway-x: /tmp: a directory is where a file has to be;"
                + " move it away, and start again");
  }

  @Test
  @DisplayName("leaves alone what says already what to do")
  void known() {
    IOException known = new IOException("edge.name: the spool belongs to x");
    assertThat(UnusableDirectory.of("edge.spool.dir", DIR, "pi", known)).isSameAs(known);
  }

  private static String words(Throwable error) {
    return UnusableDirectory.of("edge.spool.dir", DIR, "pi", error).getMessage();
  }
}
