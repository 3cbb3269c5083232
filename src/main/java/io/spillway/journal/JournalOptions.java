package io.spillway.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How a journal is kept. Start from {@link #plain} or {@link #framed} and change what differs.
 *
 * @param dir its directory, made if absent; one journal per directory
 * @param name the active segment is {@code <name>.ndjson}
 * @param format what the segment files contain
 * @param segmentBytes a segment is closed when it is at least this long
 * @param segmentAge and when its oldest record is this old; zero for no such limit
 * @param gzip whether closed segments are compressed
 * @param linger how long a commit waits for more appends. It waits only when the commit before
 *     shared 8 or more, because a linger pays only when several appends share a commit; a lone
 *     append goes at once
 * @param keepBytes oldest closed segments are deleted while all together are longer; 0 for no
 *     limit. As for {@code keepAge}, not before {@link Journal#retainFrom} has said from where on
 *     records are still needed
 * @param keepAge closed segments last written longer ago are deleted; zero to keep them for ever
 * @param stamp members added to each record; null for none
 * @param memo what to remember beside the records, FRAMED only; null for nothing
 * @param notes is told what a policy deletes; null for nobody
 */
public record JournalOptions(
    Path dir,
    String name,
    Format format,
    long segmentBytes,
    Duration segmentAge,
    boolean gzip,
    Duration linger,
    long keepBytes,
    Duration keepAge,
    LineStamp stamp,
    Memo memo,
    DeletionNotes notes) {

  /** Fails with {@link IllegalArgumentException} on a value out of bounds. */
  public JournalOptions {
    Objects.requireNonNull(dir, "dir");
    Objects.requireNonNull(format, "format");
    require(name.matches("[A-Za-z0-9._-]+"), "name: letters, digits, dots, hyphens, underscores");
    require(segmentBytes > 0, "segmentBytes: at least 1");
    require(keepBytes >= 0, "keepBytes: 0 or more");
    require(!segmentAge.isNegative(), "segmentAge: zero or more");
    require(!linger.isNegative(), "linger: zero or more");
    require(!keepAge.isNegative(), "keepAge: zero or more");
    require(memo == null || format == Format.FRAMED, "memo: only in a FRAMED journal");
  }

  /** Records and nothing else; segments of 64 MiB, kept for ever. */
  public static JournalOptions plain(Path dir, String name) {
    return defaults(dir, name, Format.PLAIN, 64L << 20);
  }

  /** With checked headers; segments of 8 MiB, kept until released. */
  public static JournalOptions framed(Path dir, String name) {
    return defaults(dir, name, Format.FRAMED, 8L << 20);
  }

  private static JournalOptions defaults(Path dir, String name, Format format, long segmentBytes) {
    Duration zero = Duration.ZERO;
    return new JournalOptions(
        dir, name, format, segmentBytes, zero, false, zero, 0, zero, null, null, null);
  }

  public JournalOptions withSegments(long bytes, Duration age) {
    return new JournalOptions(
        dir, name, format, bytes, age, gzip, linger, keepBytes, keepAge, stamp, memo, notes);
  }

  public JournalOptions withGzip(boolean compress) {
    return new JournalOptions(
        dir,
        name,
        format,
        segmentBytes,
        segmentAge,
        compress,
        linger,
        keepBytes,
        keepAge,
        stamp,
        memo,
        notes);
  }

  public JournalOptions withLinger(Duration wait) {
    return new JournalOptions(
        dir,
        name,
        format,
        segmentBytes,
        segmentAge,
        gzip,
        wait,
        keepBytes,
        keepAge,
        stamp,
        memo,
        notes);
  }

  public JournalOptions withRetention(long bytes, Duration age) {
    return new JournalOptions(
        dir, name, format, segmentBytes, segmentAge, gzip, linger, bytes, age, stamp, memo, notes);
  }

  public JournalOptions withStamp(LineStamp lineStamp) {
    return new JournalOptions(
        dir,
        name,
        format,
        segmentBytes,
        segmentAge,
        gzip,
        linger,
        keepBytes,
        keepAge,
        lineStamp,
        memo,
        notes);
  }

  public JournalOptions withMemo(Memo remembered) {
    return new JournalOptions(
        dir,
        name,
        format,
        segmentBytes,
        segmentAge,
        gzip,
        linger,
        keepBytes,
        keepAge,
        stamp,
        remembered,
        notes);
  }

  public JournalOptions withNotes(DeletionNotes ofDeletions) {
    return new JournalOptions(
        dir,
        name,
        format,
        segmentBytes,
        segmentAge,
        gzip,
        linger,
        keepBytes,
        keepAge,
        stamp,
        memo,
        ofDeletions);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
