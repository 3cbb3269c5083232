package io.spillway.journal;

import java.nio.ByteBuffer;

/** Members added to each record when its offset is known. */
@FunctionalInterface
public interface LineStamp {
  /** Most bytes one call may write. */
  int MAX_BYTES = 1024;

  /**
   * Writes what goes before the closing brace of the record at {@code offset}, its leading comma
   * included: {@code ,"_id":"pi-attic.3f9a1c2e.1042"}. The record must have a member already.
   * Called on the writer thread.
   */
  void write(long offset, ByteBuffer out);
}
