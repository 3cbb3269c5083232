package io.spillway.tools;

import io.spillway.tools.BlockReader.Block;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** Reads files, one block ahead on the reader's thread, and enters every line in the ledger. */
final class JournalCheck {
  private static final int GZIP_BYTES = 1 << 16;

  private final SequenceAudit audit;
  private final ExecutorService reader;
  private final LongConsumer bytesRead;
  private final RecordLine record = new RecordLine();
  private Path file;
  private long line;

  /**
   * @param bytesRead told of each piece of a file that has been read, on the reader's thread
   */
  JournalCheck(SequenceAudit audit, ExecutorService reader, LongConsumer bytesRead) {
    this.audit = audit;
    this.reader = reader;
    this.bytesRead = bytesRead;
  }

  /** A file that cannot be read, or not to its end, becomes a problem in the ledger. */
  void check(Path journal) throws InterruptedException {
    file = journal;
    line = 0;
    try (BlockReader blocks = new BlockReader(open(journal))) {
      Future<Block> ahead = reader.submit(blocks::next);
      for (Block block = ahead.get(); block != null; block = ahead.get()) {
        ahead = reader.submit(blocks::next);
        checkLines(block);
        if (block.problem() != null) {
          audit.problem(file, block.problem());
        }
      }
      audit.files++;
    } catch (IOException error) {
      audit.problem(file, JournalFiles.why(error));
    } catch (ExecutionException error) {
      audit.problem(file, String.valueOf(error.getCause()));
    }
  }

  private InputStream open(Path journal) throws IOException {
    InputStream counted = new Counted(Files.newInputStream(journal));
    if (!journal.getFileName().toString().endsWith(".gz")) {
      return counted;
    }
    try {
      return new GZIPInputStream(new BufferedInputStream(counted, GZIP_BYTES), GZIP_BYTES);
    } catch (IOException error) {
      counted.close();
      throw error;
    }
  }

  private void checkLines(Block block) throws IOException {
    byte[] bytes = block.bytes();
    int start = 0;
    for (int at = 0; at < block.length(); at++) {
      if (bytes[at] == '\n') {
        checkLine(bytes, start, at);
        start = at + 1;
      }
    }
    if (start < block.length()) {
      audit.torn(file, line + 1, "no line end at the end of the file");
    }
  }

  private void checkLine(byte[] bytes, int from, int to) throws IOException {
    line++;
    if (from < to && bytes[from] == '[') {
      return; // the header of a frame in an edge's spool
    }
    String fault = from == to ? "empty line" : record.read(bytes, from, to);
    if (fault != null) {
      audit.torn(file, line, fault);
    } else if (record.seq() > 0) {
      audit.record(record.series(), record.seq());
    } else if (record.hasId()) {
      audit.recordWithForeignId();
    } else {
      audit.recordWithoutId();
    }
  }

  /** Counts what is really read from the disk, for the progress bar. */
  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return count(super.read(bytes, from, length));
    }

    private int count(int read) {
      if (read > 0) {
        bytesRead.accept(read);
        audit.bytes += read;
      }
      return read;
    }
  }
}
