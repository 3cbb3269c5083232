package io.spillway.store;

import io.spillway.journal.Journal;
import io.spillway.worker.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes the marks down beside the journal, one checkpoint after the other, and lets the journal's
 * retention go as far as the last one.
 */
final class CheckpointWriter {
  private final Vertx vertx;
  private final Path dir;
  private final EdgeMarks marks;
  private final Journal journal;
  private final JournalName name;
  private final GroupCommit saves = new GroupCommit(this::saveNow);
  private long savedOffset;

  CheckpointWriter(Vertx vertx, Path dir, EdgeMarks marks, Journal journal, JournalName name) {
    this.vertx = vertx;
    this.dir = dir;
    this.marks = marks;
    this.journal = journal;
    this.name = name;
    savedOffset = marks.offset();
  }

  /**
   * Succeeds when the marks as they are when its turn comes are on the disk. All that wait for it
   * share one: ten thousand edges may come for the first time at once.
   */
  Future<Void> save() {
    return saves.join();
  }

  /** Does nothing if nothing was stored since the last one, or one is being written. */
  Future<Void> saveIfChanged() {
    boolean changed = marks.offset() > savedOffset && !saves.isUnderWay();
    return changed ? save() : Future.succeededFuture();
  }

  /** Completes when none is being written. */
  Future<?> settled() {
    return saves.settled();
  }

  /** The same at once. Blocking; the marks must not change meanwhile. */
  Void saveFirst() throws IOException {
    return write(marks.checkpoint());
  }

  private Void write(Checkpoint now) throws IOException {
    now.of(new Anchor(name.name(), name.trustedFrom(), journal.activeFirst())).save(dir);
    journal.retainFrom(now.offset());
    return null;
  }

  private Future<Void> saveNow() {
    Checkpoint now = marks.checkpoint();
    return Blocking.run(vertx, () -> write(now)).onSuccess(saved -> savedOffset = now.offset());
  }
}
