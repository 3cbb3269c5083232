package io.spillway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Watches a growing file, counts the messages in it, and remembers when each became visible. */
final class Tail implements AutoCloseable {
  /** Begins every payload; its number follows. */
  static final byte[] MARK = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);

  /** Digits of the number. */
  static final int DIGITS = 10;

  private final Path file;
  private final long lookEveryNanos;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
  private volatile long count;
  private volatile long target = Long.MAX_VALUE;
  private volatile long targetNanos;
  private volatile long[] seenNanos = {};
  private volatile boolean closed;

  Tail(Path file, Duration lookEvery) {
    this.file = file;
    this.lookEveryNanos = lookEvery.toNanos();
    Thread reader = new Thread(this::watch, "tail");
    reader.setDaemon(true);
    reader.start();
  }

  /** Messages in the file. */
  long count() {
    return count;
  }

  /** From now on looks out for the moment when there are {@code wanted} messages. */
  void aim(long wanted) {
    target = wanted;
  }

  /** That moment, in {@link System#nanoTime}; known once there are so many. */
  long aimNanos() {
    return targetNanos;
  }

  /** From now on remembers when each message up to number {@code below} became visible. */
  long[] remember(int below) {
    seenNanos = new long[below];
    return seenNanos;
  }

  /** Waits until there are so many messages. */
  void await(long wanted, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (count < wanted) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "%s has %,d messages of %,d after %s".formatted(file, count, wanted, limit));
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void watch() {
    while (!closed && !Files.exists(file)) {
      LockSupport.parkNanos(5_000_000);
    }
    try (FileChannel in = closed ? null : FileChannel.open(file, StandardOpenOption.READ)) {
      while (!closed) {
        if (in.read(bytes) > 0) {
          bytes.flip();
          look(System.nanoTime());
        } else {
          LockSupport.parkNanos(lookEveryNanos);
        }
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void look(long now) {
    byte[] array = bytes.array();
    int end = bytes.limit() - MARK.length - DIGITS;
    int at = 0;
    long found = count;
    while (at < end) {
      if (array[at] == '{' && isMark(array, at)) {
        seen(number(array, at + MARK.length), now);
        found++;
        at += MARK.length + DIGITS;
      } else {
        at++;
      }
    }
    if (found >= target) {
      targetNanos = now;
      target = Long.MAX_VALUE;
    }
    count = found;
    bytes.position(Math.min(at, bytes.limit()));
    bytes.compact();
  }

  private static boolean isMark(byte[] array, int at) {
    for (int i = 1; i < MARK.length; i++) {
      if (array[at + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] array, int at) {
    long number = 0;
    for (int i = 0; i < DIGITS; i++) {
      number = number * 10 + array[at + i] - '0';
    }
    return number;
  }

  private void seen(long number, long now) {
    long[] times = seenNanos;
    if (number < times.length) {
      times[(int) number] = now;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
