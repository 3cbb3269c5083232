package io.spillway.replay;

import io.spillway.tools.FileFault;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** One file: a segment of a journal, {@code rejected.ndjson}, or any other with a JSON a line. */
record FileSource(Path named, Identity identity, SourceContent content) implements LineSource {
  /** Reads the file, to know it. Blocking. */
  static FileSource of(Path file) throws IOException {
    ReplayMemory memory = ReplayMemory.read(memoryOf(file));
    SourceContent.Read read = read(file, memory.bytes());
    return new FileSource(file, memory.identityOf(read), read.whole());
  }

  private static SourceContent.Read read(Path file, long begins) throws IOException {
    try {
      return SourceContent.of(NumberedLines.open(file), begins);
    } catch (IOException error) {
      if (!file.toString().endsWith(".gz") || error instanceof FileSystemException) {
        throw error;
      }
      throw new IOException(
          FileFault.words(error) + "; unpack what can be unpacked (gzip -dc), and replay that",
          error);
    }
  }

  private static Path memoryOf(Path file) {
    return file.resolveSibling(file.getFileName() + ReplayMemory.SUFFIX);
  }

  @Override
  public long first() {
    return 1;
  }

  @Override
  public long last() {
    return content.lines();
  }

  @Override
  public Path memory() {
    return memoryOf(named);
  }

  @Override
  public SourceLines open(long from) throws IOException {
    return new NumberedLines(named, 1, false);
  }
}
