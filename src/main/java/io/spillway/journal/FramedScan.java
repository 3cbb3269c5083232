package io.spillway.journal;

import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Reads a FRAMED segment chunk by chunk. A chunk is good whole or not at all; after a bad one the
 * next line that is a header tells where the numbering goes on.
 */
final class FramedScan {
  private static final int SHORTEST_RECORD = 3; // {} and its line end

  private final LineReader lines;
  private final Memo memo;
  private final Scan scan;
  private Header chunk;
  private long chunkStart;
  private long recordsStart;
  private CRC32C crc;
  private long bytes;
  private int left;
  private boolean spoiled;

  private FramedScan(LineReader lines, Memo memo, Scan scan) {
    this.lines = lines;
    this.memo = memo;
    this.scan = scan;
  }

  /**
   * Reads {@code lines} to their end, telling {@code memo} (null for none) what was remembered.
   *
   * @param endsInNul whether the last byte of the file is NUL: space that was never written
   */
  static Scan of(LineReader lines, Memo memo, long first, long size, boolean endsInNul)
      throws IOException {
    FramedScan run = new FramedScan(lines, memo, new Scan(first, size));
    while (lines.next()) {
      run.line();
    }
    run.end(endsInNul);
    return run.scan;
  }

  private void line() {
    Header header = lines.tooLong() ? null : Header.parse(lines.array(), lines.from(), lines.to());
    if (header != null) {
      abandon(lines.position());
      begin(header);
    } else if (chunk != null) {
      record();
    } else {
      scan.bad(lines.position(), lines.end(), 0);
    }
  }

  private void begin(Header header) {
    chunk = header;
    chunkStart = lines.position();
    recordsStart = lines.end();
    crc = header.checksum();
    bytes = 0;
    left = header.count();
    spoiled = false;
    if (left == 0) {
      complete();
    }
  }

  private void record() {
    spoiled |= lines.tooLong();
    crc.update(lines.array(), lines.from(), lines.to() - lines.from());
    crc.update('\n');
    bytes += lines.end() - lines.position();
    left--;
    if (left == 0) {
      complete();
    }
  }

  private void complete() {
    boolean intact = !spoiled && bytes == chunk.bytes() && chunk.matches(crc);
    if (intact && scan.mayFollow(chunk.first())) {
      scan.good(chunkStart, lines.end(), chunk.first(), chunk.count());
      remember();
      chunk = null;
    } else {
      abandon(lines.end());
    }
  }

  private void remember() {
    byte[] remembered = chunk.memo();
    if (memo == null || remembered == null || remembered.length == 0) {
      return;
    }
    if (chunk.isSegment()) {
      memo.restore(remembered);
    } else {
      memo.remember(remembered, chunk.first(), chunk.count());
    }
  }

  /** What was begun is not readable; its offsets stay its own if its header can be believed. */
  private void abandon(long to) {
    if (chunk != null) {
      boolean plausible =
          chunk.first() == scan.next() && (long) chunk.count() * SHORTEST_RECORD <= chunk.bytes();
      scan.bad(chunkStart, to, plausible ? chunk.count() : 0);
      chunk = null;
    }
  }

  private void end(boolean endsInNul) {
    if (chunk == null) {
      scan.tornFrom(lines.position());
    } else if (endsInNul || scan.size() < recordsStart + chunk.bytes()) {
      scan.tornFrom(chunkStart);
    } else {
      abandon(scan.size());
    }
  }
}
