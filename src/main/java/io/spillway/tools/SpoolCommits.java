package io.spillway.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.spillway.tools.SuspectedDuplicates.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Reads the segments of a spool commit by commit. What a commit holds counts when it is as it was
 * written, to the last byte: an edge that starts would send nothing else.
 *
 * <pre>
 *   ["chunk",1042,100,30211,"9c1185a5","bWVtbw=="]   100 records of 30,211 bytes follow, from 1042
 *   ["segment",1042,0,0,"54f3e1a0",""]               head of a segment
 * </pre>
 */
final class SpoolCommits implements FileLines.Sink {
  private static final Pattern HEADER =
      Pattern.compile(
          "(\\[\"(chunk|segment)\",([0-9]{1,18}),([0-9]{1,9}),([0-9]{1,9}),)"
              + "\"([0-9a-f]{8})\",\"([A-Za-z0-9+/]*={0,2})\"\\]");

  /** A commit, as its header says. */
  private record Commit(Matcher header, long first, int count, long bytes) {
    static Commit of(Matcher header) {
      return new Commit(
          header,
          Long.parseLong(header.group(3)),
          Integer.parseInt(header.group(4)),
          Long.parseLong(header.group(5)));
    }

    boolean isChunk() {
      return header.group(2).equals("chunk");
    }

    CRC32C checksum() {
      CRC32C crc = new CRC32C();
      crc.update(header.group(1).getBytes(ISO_8859_1));
      crc.update(header.group(7).getBytes(ISO_8859_1));
      return crc;
    }

    boolean matches(CRC32C crc) {
      return crc.getValue() == Long.parseLong(header.group(6), 16);
    }

    byte[] memo() {
      return Base64.getDecoder().decode(header.group(7));
    }
  }

  private final LedgerBook book;
  private final RecordLine record = new RecordLine();
  private final List<Stored> stored = new ArrayList<>();
  private String series;
  private Path file;
  private boolean active;
  private Commit commit;
  private CRC32C crc;
  private long bytes;
  private String fault;
  private long stray;

  /**
   * @param series whose spool it is, as far as is known before its records are read
   */
  SpoolCommits(LedgerBook book, String series) {
    this.book = book;
    this.series = series;
  }

  /** Whose spool it is; null if nothing says. */
  String series() {
    return series;
  }

  /** What follows is of this file; {@code active}: it may be being written. */
  void begin(Path of, boolean nowActive) {
    file = of;
    active = nowActive;
    commit = null;
    stray = 0;
  }

  @Override
  public void line(byte[] line, int from, int to) throws IOException {
    boolean header = to - from > 2 && line[from] == '[' && line[from + 1] == '"';
    Matcher parts = header ? HEADER.matcher(new String(line, from, to - from, ISO_8859_1)) : null;
    if (parts != null && parts.matches()) {
      abandon();
      begin(Commit.of(parts));
    } else if (commit != null) {
      record(line, from, to);
    } else {
      stray++;
    }
  }

  private void begin(Commit next) {
    commit = next;
    crc = next.checksum();
    bytes = 0;
    fault = null;
    stored.clear();
    if (next.count() == 0) {
      complete();
    }
  }

  private void record(byte[] line, int from, int to) throws IOException {
    crc.update(line, from, to - from);
    crc.update('\n');
    bytes += to - from + 1;
    long seq = commit.first() + stored.size();
    String wrong = record.read(line, from, to);
    if (wrong == null && record.seq() != seq) {
      wrong = "its _id does not end with " + seq;
    }
    if (wrong == null) {
      series = record.series();
    }
    fault = fault == null ? wrong : fault;
    stored.add(new Stored(seq, Contents.of(line, from, to)));
    if (stored.size() == commit.count()) {
      complete();
    }
  }

  private void complete() {
    Commit whole = commit;
    commit = null;
    boolean intact = bytes == whole.bytes() && whole.matches(crc);
    if (!intact || fault != null) {
      damaged(whole, intact ? fault : "not as it was written: its checksum does not match");
      return;
    }
    book.records += whole.count();
    if (series == null) {
      return; // no record has said yet whose spool it is
    }
    EpochBook epoch = book.of(series);
    epoch.given(whole.first() + whole.count());
    stored.forEach(one -> epoch.inSpool(one.seq(), one.content()));
    if (whole.isChunk()) {
      book.suspected.commit(series, whole.memo(), stored);
    }
  }

  private void damaged(Commit of, String why) {
    String numbers =
        of.count() == 0 ? "" : " " + Numbers.between(of.first(), of.first() + of.count()).few(1);
    book.problem(file, "commit" + numbers + ": " + why);
  }

  private void abandon() {
    if (commit != null) {
      damaged(commit, "cut short");
      commit = null;
    }
  }

  /** The last commit of the file may be unfinished; it was not acknowledged to the broker then. */
  void end() {
    if (commit != null && active) {
      book.note(file, "ends in an unfinished commit: it is being written, or was when it ended");
      commit = null;
    }
    abandon();
    if (stray > 0) {
      book.problem(file, stray + " lines outside of any commit: a header is damaged");
    }
  }

  @Override
  public void unfinished(int left) {
    if (active && commit == null) {
      book.note(file, "ends in an unfinished line: it is being written, or was when it ended");
    } else if (commit == null) {
      book.problem(file, "ends in an unfinished line");
    }
  }

  @Override
  public void problem(String why) {
    book.problem(file, why);
  }
}
