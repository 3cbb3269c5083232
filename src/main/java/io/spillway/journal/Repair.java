package io.spillway.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a damaged file right. What is unreadable is in quarantine, on the disk, before the file is
 * touched; each change is one rename, so a crash at any point leaves the old or the new.
 */
final class Repair {
  private static final Logger log = LoggerFactory.getLogger(Repair.class);

  private final Layout layout;
  private final Disk disk;
  private final Quarantine quarantine;

  Repair(Layout layout, Disk disk, Quarantine quarantine) {
    this.layout = layout;
    this.disk = disk;
    this.quarantine = quarantine;
  }

  static InputStream read(Path file) throws IOException {
    FileKind.check(file);
    return Layout.isGzip(file)
        ? SegmentReader.unzip(new Segment(file, 0, 0, 0, new SparseIndex()))
        : Files.newInputStream(file);
  }

  /** Cuts off a write that was never finished. */
  void cut(Path file, long length) throws IOException {
    try (FileChannel channel = disk.open(file, WRITE)) {
      log.warn("{}: {} bytes of an unfinished write cut off", file, channel.size() - length);
      channel.truncate(length);
      channel.force(true);
    } catch (IOException error) {
      throw Disk.named(file, error);
    }
  }

  /**
   * What a killed process had written last may not be on the disk yet. Before anybody counts on it,
   * it is: a power cut would have its numbers given out again.
   */
  void sync(Path file) throws IOException {
    try (FileChannel channel = disk.open(file, READ)) { // also where nothing can be written
      channel.force(false);
    } catch (IOException error) {
      throw Disk.named(file, error);
    }
  }

  void quarantine(Path file, List<Scan.Span> bad) throws IOException {
    for (Scan.Span span : bad) {
      try (InputStream content = read(file)) {
        quarantine.keep(file, content, span);
      }
    }
  }

  /** Writes {@code good} of {@code file} to {@code target}, by way of a temporary file. */
  void rewrite(Path file, List<Scan.Span> good, Path target) throws IOException {
    Path temporary = Layout.temporary(target);
    try (FileChannel channel = disk.open(temporary, CREATE, WRITE, TRUNCATE_EXISTING)) {
      for (Scan.Span span : good) {
        try (InputStream content = read(file)) {
          content.skipNBytes(span.from());
          Quarantine.copy(content, span.bytes(), channel);
        }
      }
      channel.force(false);
    } catch (IOException error) {
      throw Disk.named(temporary, error);
    }
    disk.move(temporary, target);
    disk.syncDirectory(layout.dir());
  }

  /**
   * Makes each good span of the active PLAIN segment a closed segment of its own: their names carry
   * the numbers that the lines between them no longer count.
   */
  void split(List<Scan.Span> good) throws IOException {
    for (Scan.Span span : good) {
      rewrite(layout.active(), List.of(span), Layout.piece(layout.closed(span.first())));
    }
    disk.move(layout.active(), layout.split());
    disk.syncDirectory(layout.dir());
    finishSplit();
  }

  /** Completes a split that was decided, or forgets one that was not. */
  void finishSplit() throws IOException {
    boolean decided = Files.exists(layout.split());
    for (Path piece : layout.pieces()) {
      if (decided) {
        String name = piece.getFileName().toString();
        disk.move(piece, piece.resolveSibling(name.substring(0, name.length() - 6)));
      } else {
        disk.delete(piece);
      }
    }
    disk.syncDirectory(layout.dir());
    disk.delete(layout.split());
  }
}
