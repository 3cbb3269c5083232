package io.spillway.batch;

import io.spillway.bus.Chunk;
import io.spillway.config.SpoolConfig;
import io.spillway.journal.Journal;
import io.spillway.journal.JournalFailure;
import java.time.Duration;

/**
 * The room in the spool. What counts against {@code edge.spool.maxBytes} is what has to be there:
 * the records that wait for the server. Headers, and acknowledged records whose segment cannot go
 * yet, count against nobody: two segments at most while the disk works.
 */
final class SpoolRoom {
  private final SpoolConfig spool;
  private final int stampBytes;
  private final long patienceMs;
  private final Journal journal;
  private final Drain drain;

  /**
   * @param stampBytes how much longer a record gets in the spool
   * @param patience without an acknowledgement for so long, the server takes nothing
   */
  SpoolRoom(SpoolConfig spool, int stampBytes, Duration patience, Journal journal, Drain drain) {
    this.spool = spool;
    this.stampBytes = stampBytes;
    this.patienceMs = patience.toMillis();
    this.journal = journal;
    this.drain = drain;
  }

  /** A chunk on its way into the spool, without what is there already. */
  ChunkParts divide(Chunk chunk, SpoolMemo memo) {
    return new ChunkParts(chunk, stampBytes, memo::hasChunk);
  }

  /**
   * The next part of a chunk, as large as there is room for; not more than a segment, as a segment
   * goes only when all of it is acknowledged.
   */
  Chunk head(ChunkParts parts) {
    return parts.head(Math.min(spool.segmentBytes(), left()));
  }

  /** The next messages of a chunk of which none fits, all in one go. */
  Chunk misfits(ChunkParts parts) {
    return parts.misfits(left());
  }

  private long left() {
    return spool.maxBytes() - drain.waitingBytes();
  }

  /** Whether so many bytes fit. A spool in which nothing waits takes whatever comes. */
  boolean fits(long bytes) {
    return drain.waiting() == 0 || drain.waitingBytes() + bytes <= spool.maxBytes();
  }

  /** Why what is acknowledged fills the disk, as it cannot be deleted; null if it does not. */
  JournalFailure stuck() {
    JournalFailure stuck = journal.stuck();
    boolean fills = stuck != null && journal.bytesFrom(journal.first()) > spool.maxBytes();
    return fills ? stuck : null;
  }

  /** Has the drain make room; false if it cannot, as the server takes nothing. */
  boolean make() {
    return drain.makeRoom(patienceMs);
  }
}
