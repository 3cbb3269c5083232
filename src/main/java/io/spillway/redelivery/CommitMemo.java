package io.spillway.redelivery;

import java.nio.ByteBuffer;

/**
 * What a commit of the spool says beside its records: a byte for what it is of; of a chunk its id,
 * 8 bytes; then the change of the session, see {@link Delta}. Those of version 0.1 have a
 * fingerprint for each message instead, 8 bytes each, without identifiers.
 */
public final class CommitMemo {
  private static final byte NEW_SESSION_0_1 = 1;
  private static final byte CHUNK = 2;
  private static final byte CONNECTION = 3;

  private final byte kind;
  private final ByteBuffer fields;

  private CommitMemo(byte[] memo) {
    fields = ByteBuffer.wrap(memo);
    kind = fields.get();
  }

  /** Reads one, which is not empty. */
  public static CommitMemo of(byte[] memo) {
    return new CommitMemo(memo);
  }

  /** That of a chunk which is being accepted. */
  public static byte[] ofChunk(long id, byte[] delta) {
    return ByteBuffer.allocate(1 + Long.BYTES + delta.length)
        .put(CHUNK)
        .putLong(id)
        .put(delta)
        .array();
  }

  /** That of a connection which begins. */
  public static byte[] ofConnection(byte[] delta) {
    return ByteBuffer.allocate(1 + delta.length).put(CONNECTION).put(delta).array();
  }

  /** Whether it is of a chunk, and not of a connection that begins. */
  public boolean isOfChunk() {
    return kind != CONNECTION;
  }

  /** The id of that chunk. */
  public long chunk() {
    return fields.getLong(1);
  }

  /** Whether it has a {@link #rest} of version 0.1. */
  public boolean isOlder() {
    return kind != CHUNK && kind != CONNECTION;
  }

  /** Whether another session begins with it; of version 0.1 alone. */
  public boolean isNewSession() {
    return kind == NEW_SESSION_0_1;
  }

  /** The delta, or the fingerprints; empty if it is cut short. */
  public byte[] rest() {
    int head = isOfChunk() ? 1 + Long.BYTES : 1;
    byte[] rest = new byte[Math.max(0, fields.limit() - head)];
    fields.get(fields.limit() - rest.length, rest);
    return rest;
  }
}
