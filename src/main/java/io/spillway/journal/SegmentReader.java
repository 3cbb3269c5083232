package io.spillway.journal;

import io.spillway.message.Lines;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;

/**
 * One open segment, read forwards. It stays readable when the file is renamed, compressed or
 * deleted meanwhile, as the open file outlives its name.
 */
final class SegmentReader implements Closeable {
  private static final int READ_BYTES = 64 << 10;

  private final long first;
  private final Format format;
  private final FileTail tail;
  private final LineReader lines;
  private long offset;

  private SegmentReader(long first, Format format, long offset, FileTail tail, LineReader lines) {
    this.first = first;
    this.format = format;
    this.offset = offset;
    this.tail = tail;
    this.lines = lines;
  }

  /** Opens {@code segment} at, or not far before, the record {@code wanted}. */
  static SegmentReader open(Segment segment, Format format, long wanted) throws IOException {
    if (segment.isGzip()) {
      LineReader lines = new LineReader(unzip(segment), 0);
      return new SegmentReader(segment.first(), format, segment.first(), null, lines);
    }
    SparseIndex.Mark start =
        segment.sparseIndex().before(wanted, new SparseIndex.Mark(segment.first(), 0));
    FileTail tail = new FileTail(segment.file(), start.position());
    LineReader lines = new LineReader(tail, start.position());
    return new SegmentReader(segment.first(), format, start.offset(), tail, lines);
  }

  @SuppressWarnings("resource") // closed by the stream around it, or here
  static InputStream unzip(Segment segment) throws IOException {
    FileKind.check(segment.file());
    InputStream file = Files.newInputStream(segment.file());
    try {
      return new BufferedInputStream(new GZIPInputStream(file, READ_BYTES), READ_BYTES);
    } catch (IOException notGzip) {
      file.close();
      throw notGzip;
    }
  }

  /** The segment's first offset, by which it is known whatever its file is called. */
  long first() {
    return first;
  }

  /** The offset this reader has come to; it cannot go back before it. */
  long offset() {
    return offset;
  }

  /** How far it may read as things are in {@code view}. */
  void limitTo(Segments.View view) throws IOException {
    if (tail == null) {
      return;
    }
    if (view.active().first() == first) {
      tail.limit(view.active().bytes());
    } else {
      tail.limitAtEnd();
    }
  }

  /** Records from {@code wanted} on, without a gap among them; none at the end of the segment. */
  Slice read(long wanted, int maxRecords, int maxBytes) throws IOException {
    Lines.Builder found = new Lines.Builder(Math.min(maxBytes, READ_BYTES));
    long start = wanted;
    while (found.count() < maxRecords && nextRecord()) {
      int length = lines.to() - lines.from() + 1;
      boolean gap = offset != start + found.count();
      if (found.count() > 0 && (gap || found.length() + length > maxBytes)) {
        lines.unread();
        break;
      }
      if (offset >= wanted) {
        start = found.count() == 0 ? offset : start;
        found.add(lines.array(), lines.from(), lines.to());
      }
      offset++;
    }
    return new Slice(start, found.build());
  }

  /** Moves to the next line that is a record; {@link #offset} is then its offset. */
  private boolean nextRecord() throws IOException {
    while (lines.next()) {
      if (lines.tooLong()) {
        offset++;
      } else if (format == Format.PLAIN) {
        return true;
      } else {
        Header header = Header.parse(lines.array(), lines.from(), lines.to());
        if (header == null) {
          return true;
        }
        offset = header.first();
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
