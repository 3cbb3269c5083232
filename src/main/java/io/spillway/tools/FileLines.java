package io.spillway.tools;

import io.spillway.journal.FileKind;
import io.spillway.message.LineEnd;
import io.spillway.tools.BlockReader.Block;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Reads files line by line, compressed ones too, one block ahead on a thread of its own. */
final class FileLines implements AutoCloseable {
  /** Takes what is in one file. */
  interface Sink {
    /** The line {@code bytes[from, to)}, without its line end. */
    void line(byte[] bytes, int from, int to) throws IOException;

    /** The file ends with so many bytes that have no line end. */
    void unfinished(int bytes);

    /** The file could not be read, or not to its end. */
    void problem(String why);
  }

  private final ExecutorService reader = Executors.newSingleThreadExecutor(FileLines::thread);
  private final LongConsumer bytesRead;

  /**
   * @param bytesRead told of each piece of a file that has been read, on the reader's thread
   */
  FileLines(LongConsumer bytesRead) {
    this.bytesRead = bytesRead;
  }

  /**
   * Opens a file; whoever has it open reads it to its end, also when it is renamed or deleted.
   *
   * @throws IOException if it is not there, or not what its name says
   */
  InputStream open(Path file) throws IOException {
    FileKind.check(file);
    return BlockReader.unpacked(file, new Counted(Files.newInputStream(file)));
  }

  /** Reads what is {@link #open} to its end, and closes it. */
  void read(InputStream open, Sink sink) throws InterruptedException {
    try (BlockReader blocks = new BlockReader(open)) {
      Future<Block> ahead = reader.submit(blocks::next);
      for (Block block = ahead.get(); block != null; block = ahead.get()) {
        ahead = reader.submit(blocks::next);
        lines(block, sink);
        if (block.problem() != null) {
          sink.problem(block.problem());
        }
      }
    } catch (IOException error) {
      sink.problem(FileFault.words(error));
    } catch (ExecutionException error) {
      sink.problem(String.valueOf(error.getCause()));
    }
  }

  private static void lines(Block block, Sink sink) throws IOException {
    byte[] bytes = block.bytes();
    int start = 0;
    int end;
    while ((end = LineEnd.indexIn(bytes, start, block.length())) >= 0) {
      sink.line(bytes, start, end);
      start = end + 1;
    }
    if (start < block.length()) {
      sink.unfinished(block.length() - start);
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "verify-reader");
    thread.setDaemon(true);
    return thread;
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
      }
      return read;
    }
  }
}
