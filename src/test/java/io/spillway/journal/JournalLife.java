package io.spillway.journal;

import io.spillway.disk.ForgettingDisk;
import io.spillway.disk.Life;
import io.spillway.fixtures.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A journal of tiny segments that is appended to, released, kept short and killed. What it has
 * acknowledged, or shown to a reader, stays; what a policy may delete is noted before.
 */
public final class JournalLife implements Life<JournalLife.Promised> {
  /** What it begins with. */
  public enum Kind {
    EMPTY,
    /** A file in which bytes were lost; what is left of it is promised. */
    DAMAGED,
    /** The end of it is gone, and its owner knows that: those numbers are not given out again. */
    SHORTER
  }

  /**
   * What has to hold.
   *
   * @param records by offset, all that ever were acknowledged or read
   * @param next no other record gets an offset below
   * @param floor what is below may be gone
   * @param memo what was remembered with the last of them
   * @param quarantined texts that have to be kept beside them
   */
  public record Promised(
      TreeMap<Long, String> records, long next, long floor, long memo, List<String> quarantined) {
    static final Promised NOTHING = new Promised(new TreeMap<>(), 1, 1, 0, List.of());

    @Override
    public String toString() {
      return "up to " + next + ", from " + floor;
    }
  }

  private final Format format;
  private final Kind kind;

  private JournalLife(Format format, Kind kind) {
    this.format = format;
    this.kind = kind;
  }

  public static JournalLife of(Format format) {
    return new JournalLife(format, Kind.EMPTY);
  }

  public static JournalLife damaged(Format format) {
    return new JournalLife(format, Kind.DAMAGED);
  }

  /** Only of a PLAIN one is it looked at whether it is. */
  public static JournalLife shorter() {
    return new JournalLife(Format.PLAIN, Kind.SHORTER);
  }

  private JournalRun run(ForgettingDisk disk, Promised promised, Random random) {
    return new JournalRun(format, kind, disk, promised, random);
  }

  @Override
  public Promised before(Path dir, Random random) throws Exception {
    if (kind == Kind.EMPTY) {
      return Promised.NOTHING;
    }
    Promised filled = fill(dir, random);
    return kind == Kind.SHORTER ? shorten(dir, filled) : damage(dir, random);
  }

  private Promised fill(Path dir, Random random) throws IOException {
    JournalRun run = run(ForgettingDisk.over(dir), Promised.NOTHING, random).larger();
    try {
      run.open();
      for (int i = 0; i < 12; i++) {
        run.append(1, 3);
      }
      return run.promised(List.of());
    } finally {
      run.close();
    }
  }

  private static Promised shorten(Path dir, Promised filled) throws IOException {
    Path file = dir.resolve("j.ndjson");
    String text = Files.exists(file) ? Files.readString(file) : "";
    if (text.isEmpty()) {
      return filled;
    }
    Files.writeString(file, text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1));
    TreeMap<Long, String> left = new TreeMap<>(filled.records);
    left.remove(left.lastKey());
    return new Promised(left, filled.next, filled.floor, filled.memo, List.of());
  }

  private Promised damage(Path dir, Random random) throws IOException {
    List<Path> files = new ArrayList<>(List.of(dir.resolve("j.ndjson")));
    if (format == Format.FRAMED) { // of the others a PLAIN one is not looked at
      files.addAll(new Layout(dir, "j").closedSegments());
    }
    Path file = files.get(random.nextInt(files.size()));
    byte[] bytes = Files.readAllBytes(file);
    int from = random.nextInt(Math.max(1, bytes.length));
    Arrays.fill(bytes, from, Math.min(bytes.length, from + 40), (byte) 0);
    Files.write(file, bytes);
    Path copy = dir.resolveSibling(dir.getFileName() + "-whole");
    Fixture.copy(dir, copy);
    JournalRun whole = run(ForgettingDisk.damaged(copy), Promised.NOTHING, random);
    try {
      whole.open();
      return whole.promised(WholeTexts.quarantined(copy));
    } finally {
      whole.close();
    }
  }

  @Override
  public void live(ForgettingDisk disk, Promised promised, Random random, int steps)
      throws Exception {
    JournalRun run = run(disk, promised, random);
    try {
      run.open();
      for (int step = 0; step < steps; step++) {
        run.step();
      }
    } finally {
      run.close();
    }
  }
}
