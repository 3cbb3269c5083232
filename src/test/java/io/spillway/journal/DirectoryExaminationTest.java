package io.spillway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A directory that is looked at")
class DirectoryExaminationTest {
  private static final long MIB = 1 << 20;

  @TempDir Path dir;

  @Test
  @DisplayName("is as it was before, also while its speed is measured")
  void untouched() throws IOException {
    Files.writeString(dir.resolve("spool.ndjson"), "{}\n");
    DirectoryExamination spool = examination(dir);
    assertThat(spool.files().result()).isEqualTo(Result.OK);
    assertThat(spool.room(MIB, "edge.spool.maxBytes").hop()).isEqualTo("spool room");
    assertThat(spool.speed().words()).contains("4 KiB are safe after", "(20 times)");
    try (Stream<Path> entries = Files.list(dir)) {
      assertThat(entries).containsExactly(dir.resolve("spool.ndjson"));
    }
  }

  @Test
  @DisplayName("need not be there: what is to have it is looked at, and it is not made")
  void absent() {
    Path absent = dir.resolve("a/b");
    DirectoryExamination spool = examination(absent);
    HopFinding files = spool.files();
    assertThat(files.result()).isEqualTo(Result.OK);
    assertThat(files.words()).contains(absent + " is made at the first start, in " + dir);
    assertThat(spool.speed().words()).startsWith(dir + ":");
    assertThat(absent).doesNotExist();
  }

  @Test
  @DisplayName("is told with the cure where it is a file, or cannot open what is in it")
  void unusable() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    HopFinding inPlace = examination(file).files();
    assertThat(inPlace.result()).isEqualTo(Result.FAILED);
    assertThat(inPlace.words()).contains("edge.spool.dir", "a file is where a directory");
    assertThat(inPlace.cure()).contains("move it away");

    Path loop = dir.resolve("loop"); // nobody can open it, while root can open all else
    Files.createSymbolicLink(loop, loop);
    HopFinding denied = examination(dir).files();
    assertThat(denied.result()).isEqualTo(Result.FAILED);
    assertThat(denied.words()).contains(loop.toString(), "permission denied");
    assertThat(denied.cure()).contains("chown -R");
  }

  @Test
  @DisplayName("that a process of another user has is not to be taken away from it")
  void ofAnother() {
    LockHolder holder = new LockHolder(4711, true);
    String own = System.getProperty("user.name");
    DirectoryExamination spool = examination(dir);
    assertThat(spool.used(holder, own, true))
        .isEqualTo(HopFinding.ok("spool", dir + ", in use by process 4711"));
    assertThat(spool.used(holder, "edge", true).result()).isEqualTo(Result.NOTICE);
    HopFinding denied = spool.used(holder, "edge", false);
    assertThat(denied.result()).isEqualTo(Result.SKIPPED);
    assertThat(denied.cure()).contains("run doctor as user edge").doesNotContain("chown");
    assertThat(spool.used(new LockHolder(1, false), own, true).words()).contains("perhaps in use");
  }

  @Test
  @DisplayName("has room for what may come, or says that the disk is full before")
  void room() {
    DirectoryExamination spool = examination(dir);
    String key = "edge.spool.maxBytes";
    assertThat(spool.room(9 * MIB, 10 * MIB, 8 * MIB, key).result()).isEqualTo(Result.OK);
    HopFinding little = spool.room(7 * MIB, 10 * MIB, 8 * MIB, key);
    assertThat(little.result()).isEqualTo(Result.NOTICE);
    assertThat(little.cure()).contains(key);
    assertThat(spool.room(1_000, 10 * MIB, 0, key).result()).isEqualTo(Result.FAILED);
  }

  @Test
  @DisplayName("without a limit is looked at when the disk is filling up, as /health has it")
  void unlimited() {
    DirectoryExamination data = examination(dir);
    assertThat(data.room(200 * MIB, 1_000 * MIB, 0, null).result()).isEqualTo(Result.OK);
    HopFinding filling = data.room(90 * MIB, 1_000 * MIB, 0, null);
    assertThat(filling.result()).isEqualTo(Result.NOTICE);
    assertThat(filling.cure()).contains("keepBytes");
  }

  private static DirectoryExamination examination(Path dir) {
    return new DirectoryExamination("spool", "edge.spool.dir", dir, TimeSource.SYSTEM);
  }
}
