package io.spillway.redelivery;

import java.nio.ByteBuffer;

/**
 * A change of a {@link SessionMemory}, as it is on the disk: by a connection that begins, or by the
 * messages of a chunk. All who read one read it here.
 *
 * <p>A chunk: one byte each for {@link #TAKEN}, whether what was before is forgotten, and the
 * habit; its connection (4 bytes), the connection from which on identifiers can be trusted (4), the
 * newest identifier (2) and the connection which brought that (4); then a {@link Change} (8) for
 * each message with an identifier, and each release. A connection begins with three such bytes.
 */
public final class Delta {
  /** What becomes of a message. */
  @FunctionalInterface
  public interface Each {
    /**
     * The next message.
     *
     * @param fingerprint as much of it as is kept: equal for equal messages
     */
    void accept(int identifier, long fingerprint);
  }

  /** A change, as {@link Change} reads it. */
  @FunctionalInterface
  interface EachChange {
    void accept(long change);
  }

  static final byte BEGUN = 1;
  static final byte TAKEN = 2;

  private static final int CLEARS_AT = 1;
  private static final int HABIT_AT = 2;
  private static final int REST_AT = 3;
  private static final int ON_AT = 3;
  private static final int TRUSTED_FROM_AT = 7;
  private static final int NEWEST_AT = 11;
  private static final int NEWEST_ON_AT = 13;
  private static final int HEAD_BYTES = 17;

  private final ByteBuffer bytes;

  private Delta(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Reads what {@link ChunkJudge#delta} or {@link SessionMemory#begin} gave. */
  public static Delta of(byte[] delta) {
    return new Delta(ByteBuffer.wrap(delta));
  }

  static byte[] write(ChunkJudge chunk, long[] changes, int count) {
    ByteBuffer delta = ByteBuffer.allocate(HEAD_BYTES + count * Long.BYTES);
    delta.put(TAKEN).put((byte) (chunk.isNewSession() ? 1 : 0));
    delta.put(chunk.habit().code()).putInt(chunk.on()).putInt(chunk.trustedFrom());
    delta.putShort((short) chunk.newest()).putInt(chunk.newestOn());
    for (int i = 0; i < count; i++) {
      delta.putLong(changes[i]);
    }
    return delta.array();
  }

  /** Whether it is as long as what it is of; of what is not, nothing else can be asked. */
  public boolean isWhole() {
    int length = bytes.limit();
    return length > CLEARS_AT
        && (!isOfChunk() || (length >= HEAD_BYTES && (length - HEAD_BYTES) % Long.BYTES == 0));
  }

  /** Whether it is of a chunk, and not of a connection that begins. */
  public boolean isOfChunk() {
    return bytes.get(0) == TAKEN;
  }

  /** Whether another session begins: what was before it says nothing any more. */
  public boolean clears() {
    return bytes.get(CLEARS_AT) != 0;
  }

  /** The number of the connection on which the chunk was read. */
  public int on() {
    return bytes.getInt(ON_AT);
  }

  /** Each message of the chunk that has an identifier, in the order of receipt. */
  public void forEach(Each message) {
    forEachChange(
        change -> {
          if (Change.kind(change) != Change.RELEASED) {
            message.accept(Change.identifier(change), IdentifierTable.kept(change));
          }
        });
  }

  Habit habit() {
    return Habit.of(bytes.get(HABIT_AT));
  }

  int trustedFrom() {
    return bytes.getInt(TRUSTED_FROM_AT);
  }

  int newest() {
    return bytes.getShort(NEWEST_AT) & 0xFFFF;
  }

  int newestOn() {
    return bytes.getInt(NEWEST_ON_AT);
  }

  void forEachChange(EachChange each) {
    for (int at = HEAD_BYTES; at < bytes.limit(); at += Long.BYTES) {
      each.accept(bytes.getLong(at));
    }
  }

  /** What a connection that begins says after its three bytes. */
  ByteBuffer rest() {
    return bytes.slice(REST_AT, bytes.limit() - REST_AT);
  }
}
