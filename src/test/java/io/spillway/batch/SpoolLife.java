package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.Spool.Found;
import io.spillway.config.SpoolConfig;
import io.spillway.config.WhenFull;
import io.spillway.disk.ForgettingDisk;
import io.spillway.disk.Life;
import io.spillway.journal.Damages;
import io.spillway.journal.Journal;
import io.spillway.journal.Layout;
import io.spillway.message.Texts;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.Habit;
import io.spillway.redelivery.SessionMemory;
import io.spillway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;

/**
 * A spool that takes records, and sends them to a server that believes the numbers it hears. It is
 * killed, loses small files to an operator, and is given other numbers.
 */
public final class SpoolLife implements Life<SpoolPromises> {
  /** What somebody does to a spool before it is opened. */
  public enum Meddling {
    NONE,
    /** Its end is not certain then: the epoch is put aside. */
    POSITION_REMOVED,
    /** The same, and what is missing is not owed. */
    CUT
  }

  private final Meddling meddling;

  public SpoolLife(Meddling meddling) {
    this.meddling = meddling;
  }

  @Override
  public SpoolPromises before(Path dir, Random random) throws IOException {
    SpoolPromises promises = new SpoolPromises(meddling != Meddling.NONE);
    if (meddling == Meddling.NONE) {
      return promises;
    }
    Run run = new Run(ForgettingDisk.over(dir), promises, random);
    run.open();
    for (int i = 0; i < 6; i++) {
      run.append();
    }
    if (random.nextBoolean()) {
      run.send();
    }
    run.noteEnd();
    run.close();
    if (meddling == Meddling.POSITION_REMOVED) {
      Files.delete(dir.resolve("acknowledged"));
      run.promises.forgetPositions();
    } else {
      Path file = dir.resolve("spool.ndjson");
      String text = Files.readString(file);
      int last = text.lastIndexOf("[\"chunk\"");
      if (last > 0) {
        Files.writeString(file, text.substring(0, last));
        run.promises.mayMiss(run.lastAppended);
      }
    }
    return run.promises;
  }

  @Override
  public void live(ForgettingDisk disk, SpoolPromises promised, Random random, int steps)
      throws Exception {
    Run run = new Run(disk, promised, random);
    try {
      run.open();
      for (int step = 0; step < steps; step++) {
        run.step();
      }
    } finally {
      run.close();
    }
  }

  private static final class Run {
    private final ForgettingDisk disk;
    private final Path dir;
    private final Random random;
    private final SpoolPromises promises;
    private Damages damages;
    private SpoolMemo memo;
    private Found found;
    private List<String> lastAppended = List.of();

    Run(ForgettingDisk disk, SpoolPromises promised, Random random) {
      this.disk = disk;
      this.random = random;
      dir = disk.root();
      promises = promised.copy();
    }

    private void promise() {
      disk.promise(promises.copy());
    }

    private SpoolConfig config() {
      return new SpoolConfig(dir, 1 << 20, 900, Duration.ZERO, WhenFull.DROP_OLDEST);
    }

    void open() throws IOException {
      damages = new Damages();
      memo = new SpoolMemo(dir, damages);
      found = Spool.open(config(), "pi", memo, damages, TimeSource.SYSTEM, promises::mayDouble);
      promises.check(found, memo, disk.isPatchy());
      promise();
    }

    void close() {
      if (found != null) {
        found.close();
        found = null;
      }
    }

    void step() throws IOException {
      switch (random.nextInt(14)) {
        case 0 -> reopen();
        case 1, 2 -> kill();
        case 3 -> drop();
        case 4 -> renumber();
        case 5, 6, 7, 8 -> send();
        default -> append();
      }
    }

    private void reopen() throws IOException {
      close();
      dying(14, this::open);
    }

    private interface Deed {
      void run() throws IOException;
    }

    /** Perhaps it is killed before this is done; the power stays for now, and it starts again. */
    private void dying(int operations, Deed deed) throws IOException {
      if (random.nextBoolean()) {
        disk.killAfter(random.nextInt(operations));
      }
      try {
        deed.run();
      } catch (IOException | CompletionException killed) {
        assertThat(disk.isDead()).as("killed, and not " + killed).isTrue();
      }
      if (disk.isDead() || found == null) {
        close();
        disk.revive();
        open();
      }
      disk.revive();
    }

    private void kill() throws IOException {
      dying(
          16,
          () -> {
            append();
            send();
          });
    }

    void append() {
      List<String> texts = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        long number = random.nextLong() >>> 24;
        texts.add("{\"n\":" + number + ",\"p\":\"" + "x".repeat(random.nextInt(60)) + "\"}");
      }
      long chunk = random.nextLong();
      byte[] delta = new SessionMemory().judge(1, Habit.UNKNOWN, false).delta();
      Journal journal = found.current().journal();
      long first = journal.append(Texts.lines(texts), CommitMemo.ofChunk(chunk, delta)).join();
      lastAppended = texts;
      promises.appended(found.current().identity(), first, texts, chunk);
      promise();
    }

    /** As the drain does: what the server has is noted first, and then it is let go of. */
    void send() throws IOException {
      boolean isCurrent = found.older().isEmpty();
      Spool oldest = isCurrent ? found.current() : found.older().get(0);
      int most = isCurrent ? 1 + random.nextInt(6) : Integer.MAX_VALUE;
      long next = promises.send(oldest, most);
      promise();
      SpoolIdentity of = oldest.identity();
      if (next > oldest.acknowledged()) {
        new AcknowledgedEpoch(oldest.dir()).remember(of.epoch());
        long end = oldest.journal().next();
        oldest.dropped().assured(next);
        new AcknowledgedPosition(oldest.dir(), of).save(next, end, next);
        promises.saved(of, next, end);
        promise();
        oldest.journal().release(next);
      }
      if (!isCurrent) {
        oldest.journal().close();
        found.older().remove(0);
        promises.forget(of);
        promise();
        Retirement.remove(oldest.dir());
      }
    }

    /** As it is done once a second. */
    void noteEnd() throws IOException {
      Spool current = found.current();
      long acknowledged = promises.acknowledged(current.identity());
      new AcknowledgedPosition(dir, current.identity())
          .save(acknowledged, current.journal().next(), acknowledged);
    }

    /** The oldest segment goes, when what was let go of has gone. */
    private void drop() throws IOException {
      append();
      Journal journal = found.current().journal();
      SpoolIdentity identity = found.current().identity();
      long end = journal.next();
      // What is acknowledged may be about to go by itself.
      long oldest = Math.max(promises.acknowledged(identity), journal.first());
      for (Path closed : new Layout(dir, Spool.NAME).closedSegments()) {
        long first = Layout.firstOf(closed);
        end = first > oldest ? Math.min(end, first) : end;
      }
      promises.mayDrop(identity, end);
      promise();
      journal.dropOldest();
    }

    /** A server says that it knows more. */
    private void renumber() throws IOException {
      SpoolIdentity identity = found.current().identity();
      close();
      promises.renumber();
      promise();
      dying(
          20,
          () -> {
            memo.keep();
            Spool.renumber(
                config(), identity, "it is ahead", memo, new Damages(), TimeSource.SYSTEM);
            open();
          });
    }
  }
}
