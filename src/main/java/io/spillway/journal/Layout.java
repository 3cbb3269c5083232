package io.spillway.journal;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the files of a journal are called.
 *
 * <pre>
 *   lock                                   pid of the process that has it open
 *   ingest.ndjson                          the active segment
 *   ingest.state                           its first offset
 *   ingest-00000000000000000001.ndjson.gz  a closed segment, by its first offset
 *   *.tmp                                  being written; worthless after a crash
 *   quarantine/                            what could not be read
 *   old-1-3f9a1c2e/                        what was put aside, the first time, with its name
 * </pre>
 */
public record Layout(Path dir, String name) {
  private static final int DIGITS = 20;
  private static final Pattern CLOSED = Pattern.compile("-([0-9]{20})\\.ndjson");
  private static final Pattern ASIDE = Pattern.compile("old-([0-9]{1,9})-.*");
  private static final Pattern ANY = Pattern.compile("(.+?)(?:-[0-9]{20})?\\.ndjson(?:\\.gz)?");

  /** The largest number that every JSON reader takes for what it is (RFC 8259 section 6). */
  private static final BigInteger FIRST_MAX = BigInteger.valueOf((1L << 53) - 1);

  /** The active segment, which is made with its first record. */
  public Path active() {
    return dir.resolve(name + ".ndjson");
  }

  Path closed(long first) {
    String number = Long.toString(first); // a Formatter would write the digits of the locale
    return dir.resolve(name + '-' + "0".repeat(DIGITS - number.length()) + number + ".ndjson");
  }

  Path state() {
    return dir.resolve(name + ".state");
  }

  Path lock() {
    return dir.resolve("lock");
  }

  /** Where a damaged active segment is put aside while its readable parts take its place. */
  Path split() {
    return dir.resolve(name + ".split");
  }

  static Path gzip(Path file) {
    return sibling(file, ".gz");
  }

  static Path temporary(Path file) {
    return sibling(file, ".tmp");
  }

  static Path piece(Path file) {
    return sibling(file, ".piece");
  }

  static boolean isGzip(Path file) {
    return file.toString().endsWith(".gz");
  }

  static boolean isTemporary(Path file) {
    return file.toString().endsWith(".tmp");
  }

  /** Whether a file is named as a closed segment, by a number that no record can have. */
  public static boolean isMisnamed(Path file) {
    Matcher digits = CLOSED.matcher(file.getFileName().toString());
    if (!digits.find()) {
      return false;
    }
    BigInteger first = new BigInteger(digits.group(1));
    return first.signum() == 0 || first.compareTo(FIRST_MAX) > 0;
  }

  /** First offset by the name of a closed segment, which is not misnamed. */
  public static long firstOf(Path closed) {
    Matcher digits = CLOSED.matcher(closed.getFileName().toString());
    if (!digits.find()) {
      throw new IllegalArgumentException("not a closed segment: " + closed);
    }
    return Long.parseLong(digits.group(1));
  }

  /** Names of the journals that have a segment in {@code dir}. */
  public static SortedSet<String> journals(Path dir) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
      for (Path file : files) {
        Matcher segment = ANY.matcher(file.getFileName().toString());
        if (segment.matches()) {
          names.add(segment.group(1));
        }
      }
    }
    return names;
  }

  /** Directories into which journals of {@code dir} were put aside, the oldest first. */
  public static List<Path> putAside(Path dir) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
      for (Path entry : entries) {
        if (numberOfAside(entry) > 0 && Files.isDirectory(entry)) {
          found.add(entry);
        }
      }
    }
    found.sort(Comparator.comparingInt(Layout::numberOfAside).thenComparing(path -> path));
    return found;
  }

  /** Which of them it is by its name, from 1 on; 0 if it is named otherwise. */
  public static int numberOfAside(Path dir) {
    Matcher name = ASIDE.matcher(dir.getFileName().toString());
    return name.matches() ? Integer.parseInt(name.group(1)) : 0;
  }

  /** Closed segments, compressed or not, lowest offset first; a plain file before its .gz. */
  public List<Path> closedSegments() throws IOException {
    return list("-[0-9]{20}\\.ndjson(\\.gz)?");
  }

  /** The closed segments by their first offset; of one that is there twice, that which is plain. */
  public NavigableMap<Long, Path> closedByFirst() throws IOException {
    NavigableMap<Long, Path> found = new TreeMap<>();
    for (Path file : closedSegments()) {
      if (!isMisnamed(file)) {
        found.putIfAbsent(firstOf(file), file);
      }
    }
    return found;
  }

  /** Whatever is named as one of the files that records are in, or were to be in. */
  List<Path> own() throws IOException {
    return list("(-[0-9]{20})?\\.(ndjson|state|split)(\\.gz|\\.piece)?(\\.tmp)?").stream()
        .filter(file -> !file.equals(state())) // whoever reads that looks himself
        .toList();
  }

  List<Path> leftovers() throws IOException {
    return list("(-[0-9]{20})?\\.(ndjson|state)(\\.gz|\\.piece)?\\.tmp");
  }

  List<Path> pieces() throws IOException {
    return list("-[0-9]{20}\\.ndjson\\.piece");
  }

  private List<Path> list(String suffix) throws IOException {
    Pattern wanted = Pattern.compile(Pattern.quote(name) + suffix);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
      for (Path file : files) {
        if (wanted.matcher(file.getFileName().toString()).matches()) {
          found.add(file);
        }
      }
    }
    Collections.sort(found);
    return found;
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
