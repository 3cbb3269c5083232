package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.disk.ForgettingDisk;
import io.spillway.disk.Life;
import io.spillway.journal.Damages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/** The two files of the redelivery memory count up; processes are killed in between. */
public final class MemoryFilesLife implements Life<Long> {
  @Override
  public Long before(Path dir, Random random) {
    return 0L;
  }

  @Override
  public void live(ForgettingDisk disk, Long promised, Random random, int steps)
      throws IOException {
    long count = promised;
    MemoryFiles files = open(disk, count);
    for (int step = 0; step < steps; step++) {
      if (random.nextInt(3) == 0) {
        disk.killAfter(random.nextInt(random.nextBoolean() ? 4 : 8));
      }
      try {
        byte[] bytes = new byte[Long.BYTES + random.nextInt(200)];
        ByteBuffer.wrap(bytes).putLong(count + 1);
        files.save(bytes);
        count++;
        disk.promise(count);
      } catch (IOException killed) {
        assertThat(disk.isDead()).as("killed, and not " + killed.getMessage()).isTrue();
      }
      boolean again = disk.isDead() || random.nextInt(5) == 0;
      disk.revive();
      if (again) {
        files = open(disk, count);
      }
    }
  }

  private static MemoryFiles open(ForgettingDisk disk, long promised) throws IOException {
    Damages damages = new Damages();
    MemoryFiles files = new MemoryFiles(disk.root());
    byte[] saved = files.load(damages);
    long count = saved == null ? 0 : ByteBuffer.wrap(saved).getLong();
    assertThat(count).as("saved").isGreaterThanOrEqualTo(promised);
    if (!disk.isPatchy()) { // a second copy that was torn looks as one that was damaged
      assertThat(damages.words()).matches("(.*the other of the two says the same)?");
    }
    return files;
  }
}
