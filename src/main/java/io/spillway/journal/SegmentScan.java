package io.spillway.journal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a segment file from one end to the other. */
final class SegmentScan {
  private static final Logger log = LoggerFactory.getLogger(SegmentScan.class);

  private SegmentScan() {}

  /** What is in a file whose first record has the offset {@code first}. */
  static Scan of(Path file, long first, JournalOptions options) throws IOException {
    boolean gzip = Layout.isGzip(file);
    long size = gzip ? Long.MAX_VALUE : Files.size(file);
    try (InputStream content = Repair.read(file);
        LineReader lines = new LineReader(content, 0)) {
      if (options.format() == Format.PLAIN) {
        return PlainScan.of(lines, first, size);
      }
      return FramedScan.of(
          lines, options.memo(), first, size, !gzip && FileTail.lastByte(file) == 0);
    } catch (ZipException | EOFException damaged) {
      log.warn("{}: cannot be unpacked: {}", file, damaged.toString());
      return new Scan(first, 0); // nothing in it that can be relied on
    }
  }

  /** The offset behind the last line of a closed PLAIN segment. */
  static long endOf(Segment plain) throws IOException {
    long end = plain.first();
    try (LineReader lines = new LineReader(Repair.read(plain.file()), 0)) {
      while (lines.next()) {
        end++;
      }
    } catch (ZipException | EOFException damaged) {
      log.warn("{}: {}", plain.file(), damaged.toString());
    }
    return end;
  }
}
