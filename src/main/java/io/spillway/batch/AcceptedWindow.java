package io.spillway.batch;

import io.spillway.journal.Memo;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/**
 * What the spool accepted last in this MQTT session, kept with the journal: fingerprints of
 * messages, {@value #MESSAGES} of them, and of each of the last chunks the id that reaches furthest
 * (see {@link ChunkParts}), so that a long one leaves the others their places. Fewer messages than
 * the 65,535 packet identifiers that there are (MQTT 3.1.1 section 2.3.1), so that an honest
 * repetition is not taken for a redelivery.
 *
 * <p>A memo is: one byte, 1 if a new session begins with it; the chunk's id; 8 bytes per message.
 * The journal's writer thread remembers, the batcher's event loop asks.
 */
final class AcceptedWindow implements Memo {
  static final int MESSAGES = 10_000;
  private static final int CHUNKS = 64;

  private final Ring messages = new Ring(MESSAGES);
  private final Deque<Long> chunks = new ArrayDeque<>();

  /** The memo of a chunk that is being accepted, with the first {@code count} fingerprints. */
  static byte[] memo(boolean newSession, long chunk, long[] fingerprints, int count) {
    ByteBuffer memo = ByteBuffer.allocate(1 + (1 + count) * Long.BYTES);
    memo.put((byte) (newSession ? 1 : 0)).putLong(chunk);
    for (int i = 0; i < count; i++) {
      memo.putLong(fingerprints[i]);
    }
    return memo.array();
  }

  /**
   * Whether a message with this fingerprint was accepted; asked only for what may be redelivered.
   */
  synchronized boolean hasMessage(long fingerprint) {
    return messages.contains(fingerprint);
  }

  /** Whether this chunk was accepted. */
  synchronized boolean hasChunk(long id) {
    return chunks.contains(id);
  }

  @Override
  public synchronized void remember(byte[] memo, long firstOffset, int count) {
    ByteBuffer in = ByteBuffer.wrap(memo);
    if (in.get() == 1) {
      messages.clear();
    }
    addChunk(in.getLong());
    while (in.hasRemaining()) {
      messages.add(in.getLong());
    }
  }

  private void addChunk(long id) {
    chunks.removeIf(other -> ChunkParts.areOfOne(id, other));
    chunks.add(id);
    if (chunks.size() > CHUNKS) {
      chunks.remove();
    }
  }

  @Override
  public synchronized byte[] snapshot() {
    ByteBuffer all = ByteBuffer.allocate((1 + chunks.size() + messages.size()) * Long.BYTES);
    all.putLong(chunks.size());
    chunks.forEach(all::putLong);
    messages.forEach(all::putLong);
    return all.array();
  }

  @Override
  public synchronized void restore(byte[] snapshot) {
    messages.clear();
    chunks.clear();
    ByteBuffer in = ByteBuffer.wrap(snapshot);
    for (long chunk = in.getLong(); chunk > 0; chunk--) {
      addChunk(in.getLong());
    }
    while (in.hasRemaining()) {
      messages.add(in.getLong());
    }
  }

  /** The last so many numbers. */
  private static final class Ring {
    private final long[] numbers;
    private int size;
    private int next;

    Ring(int most) {
      numbers = new long[most];
    }

    void add(long number) {
      numbers[next] = number;
      next = (next + 1) % numbers.length;
      size = Math.min(size + 1, numbers.length);
    }

    boolean contains(long number) {
      for (int i = 0; i < size; i++) {
        if (numbers[i] == number) {
          return true;
        }
      }
      return false;
    }

    /** Oldest first. */
    void forEach(LongConsumer action) {
      for (int i = size; i > 0; i--) {
        action.accept(numbers[(next - i + numbers.length) % numbers.length]);
      }
    }

    int size() {
      return size;
    }

    void clear() {
      size = 0;
      next = 0;
    }
  }
}
