package io.spillway.tools;

import java.io.IOException;
import java.nio.file.Path;

/** Enters every line of a file in the ledger. */
final class JournalCheck implements FileLines.Sink {
  private final SequenceAudit audit;
  private final FileLines files;
  private final RecordLine record = new RecordLine();
  private Path file;
  private long line;

  JournalCheck(SequenceAudit audit, FileLines files) {
    this.audit = audit;
    this.files = files;
  }

  /** A file that cannot be read, or not to its end, becomes a problem in the ledger. */
  void check(Path journal) throws InterruptedException {
    file = journal;
    line = 0;
    try {
      files.read(files.open(journal), this);
      audit.files++;
    } catch (IOException error) {
      problem(FileFault.words(error));
    }
  }

  @Override
  public void line(byte[] bytes, int from, int to) throws IOException {
    line++;
    if (from < to && bytes[from] == '[') {
      return; // the header of a frame in an edge's spool
    }
    String fault = from == to ? "empty line" : record.read(bytes, from, to);
    if (fault != null) {
      audit.torn(file, line, fault);
    } else {
      audit.record(record);
    }
  }

  @Override
  public void unfinished(int bytes) {
    audit.torn(file, line + 1, "no line end at the end of the file");
  }

  @Override
  public void problem(String why) {
    audit.problem(file, why);
  }
}
