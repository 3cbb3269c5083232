package io.spillway.batch;

import io.spillway.journal.Damages;
import io.spillway.journal.Memo;
import io.spillway.redelivery.CommitMemo;
import io.spillway.redelivery.SessionMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the spool remembers beside its records: the MQTT session that they came in ({@link
 * SessionMemory}), and of each of the last chunks the id that reaches furthest (see {@link
 * ChunkParts}), so that a long one leaves the others their places. Each change is in the same
 * commit as the records; the whole is in {@link MemoryFiles}, written before a segment goes.
 *
 * <p>The journal's writer thread remembers while the batcher's event loop waits for it, and the
 * event loop asks in between. Journals of older epochs have writers of their own, which remember
 * nothing once they are open, but have it kept.
 */
final class SpoolMemo implements Memo {
  private static final int CHUNKS = 64;

  private final SessionMemory session = new SessionMemory();
  private final Deque<Long> chunks = new ArrayDeque<>();
  private final MemoryFiles files;
  private boolean changed;

  /** Opens what was kept in {@code dir}; what of it is damaged is told. Blocking. */
  SpoolMemo(Path dir, Damages damages) throws IOException {
    files = new MemoryFiles(dir);
    byte[] kept = files.load(damages);
    if (kept != null) {
      ByteBuffer in = ByteBuffer.wrap(kept);
      for (int left = in.getInt(); left > 0; left--) {
        chunks.add(in.getLong());
      }
      byte[] rest = new byte[in.remaining()];
      in.get(rest);
      session.load(rest);
    }
  }

  SessionMemory session() {
    return session;
  }

  /** Whether this chunk was accepted. */
  boolean hasChunk(long id) {
    return chunks.contains(id);
  }

  @Override
  public synchronized void remember(byte[] memo, long firstOffset, int count) {
    CommitMemo said = CommitMemo.of(memo);
    if (said.isOfChunk()) {
      add(said.chunk());
    }
    if (said.isOlder()) {
      inherit(ByteBuffer.wrap(said.rest()), said.isNewSession());
    } else {
      session.apply(said.rest());
    }
    changed = true;
  }

  /**
   * Nothing: {@link #keep} has put it elsewhere, and heads of segments would fill a small spool.
   */
  @Override
  public byte[] snapshot() {
    return new byte[0];
  }

  /** The head of a segment of version 0.1. */
  @Override
  public synchronized void restore(byte[] snapshot) {
    ByteBuffer in = ByteBuffer.wrap(snapshot);
    for (long left = in.getLong(); left > 0; left--) {
      add(in.getLong());
    }
    inherit(in, true);
    changed = true;
  }

  @Override
  public synchronized void keep() throws IOException {
    if (!changed) {
      return;
    }
    byte[] saved = session.save();
    ByteBuffer all = ByteBuffer.allocate(Integer.BYTES + chunks.size() * Long.BYTES + saved.length);
    all.putInt(chunks.size());
    chunks.forEach(all::putLong);
    files.save(all.put(saved).array());
    changed = false;
  }

  private void inherit(ByteBuffer in, boolean instead) {
    if (instead) {
      session.disinherit();
    }
    while (in.hasRemaining()) {
      session.inherit(in.getLong());
    }
  }

  private void add(long chunk) {
    if (!chunks.isEmpty() && ChunkParts.areOfOne(chunk, chunks.getLast())) {
      chunks.removeLast(); // parts of a chunk come one after the other
    }
    chunks.add(chunk);
    if (chunks.size() > CHUNKS) {
      chunks.remove();
    }
  }
}
