package io.spillway.journal;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place in a journal, from which committed records are read in order. Reads block; one thread at
 * a time. Reading on is cheap: the segment stays open. What happens to the files meanwhile
 * (rotation, compression, deletion) does not disturb it.
 */
public final class Cursor implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Cursor.class);

  private final Segments segments;
  private final Format format;
  private long position;
  private SegmentReader reader;

  /** The segment that was passed over last; it is told once, however often that is read again. */
  private long lost;

  Cursor(Segments segments, Format format, long from) {
    this.segments = segments;
    this.format = format;
    this.position = from;
  }

  /** The next offset to be read. */
  public long position() {
    return position;
  }

  /** Goes to {@code offset}, forwards or back; below the history means at its beginning. */
  public void seek(long offset) {
    position = offset;
  }

  /**
   * The records from the position on, and moves behind them. Empty only if nothing is committed
   * there yet; else at least one record, whatever its size, and never one that is not on the disk.
   *
   * @throws IOException if the disk cannot be read; the position stays, the call may be repeated
   */
  public Slice read(int maxRecords, int maxBytes) throws IOException {
    int atLeastOne = Math.max(1, maxRecords);
    while (true) {
      Segments.View view = segments.now();
      position = Math.max(position, view.first());
      if (position >= view.next()) {
        return Slice.none(position);
      }
      try {
        Slice slice = readFrom(view, atLeastOne, maxBytes);
        if (!slice.isEmpty()) {
          position = slice.next();
          return slice;
        }
      } catch (NoSuchFileException gone) {
        skipIfLost(gone);
      } catch (ZipException | EOFException damaged) {
        skipIfDamaged(view, damaged);
      } catch (IOException error) {
        close();
        throw error;
      }
    }
  }

  private Slice readFrom(Segments.View view, int maxRecords, int maxBytes) throws IOException {
    Segment segment = view.at(position);
    position = Math.max(position, segment.first());
    if (position >= view.next()) {
      return Slice.none(position); // behind a gap, and the segment there has yet to get a file
    }
    if (reader == null || reader.first() != segment.first() || reader.offset() > position) {
      close();
      reader = SegmentReader.open(segment, format, position);
      if (!segments.now().has(segment)) {
        close(); // renamed while it was opened: this may be another segment of the same name
        return Slice.none(position);
      }
    }
    reader.limitTo(view);
    Slice slice = reader.read(position, maxRecords, maxBytes);
    if (slice.isEmpty()) {
      position = segment.next();
    }
    return slice;
  }

  // Renamed or released a moment ago is no loss: the next look finds where it went. Nor is the
  // active one lost for good: it may be put back, and until then nothing comes behind it.
  private void skipIfLost(NoSuchFileException gone) throws IOException {
    Segments.View view = segments.settled();
    Segment segment = view.at(position);
    if (!segment.file().toString().equals(gone.getFile())) {
      return;
    }
    if (segment.first() == view.active().first()) {
      throw new FileSystemException(
          gone.getFile(), null, "is not there any more; put it back, or start the process again");
    }
    if (lost != segment.first()) {
      lost = segment.first();
      log.error("segment was removed from outside, its records are lost: {}", segment.file());
    }
    position = segment.next();
  }

  private void skipIfDamaged(Segments.View view, IOException damaged) throws IOException {
    Segment segment = view.at(position);
    log.error(
        "cannot unpack {} beyond offset {}: {}", segment.file(), position, damaged.toString());
    close();
    position = segment.next();
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      SegmentReader closing = reader;
      reader = null;
      closing.close();
    }
  }
}
