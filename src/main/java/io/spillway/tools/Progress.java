package io.spillway.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A bar on the terminal, with speed and time left; nothing when there is no terminal. */
public final class Progress implements AutoCloseable {
  private static final int EVERY_MS = 250;
  private static final int WIDTH = 90;
  private static final long MEGABYTE = 1_000_000;
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  static Progress over(List<Path> files) {
    long bytes = files.stream().mapToLong(file -> file.toFile().length()).sum();
    return of("verify", bytes, " MB", MEGABYTE);
  }

  /**
   * A bar that begins at nothing.
   *
   * @param unit of what is counted, with the blank before it
   */
  public static Progress of(String task, long max, String unit) {
    return of(task, max, unit, 1);
  }

  private static Progress of(String task, long max, String unit, long size) {
    if (!onTerminal()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(max)
            .setUnit(unit, size)
            .showSpeed()
            .setUpdateIntervalMillis(EVERY_MS)
            .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
            .build());
  }

  void read(long bytes) {
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  /** So much is done. */
  public void to(long done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  // System.console() means stdin and stdout, and since Java 22 not even those; the bar is on
  // stderr.
  @SuppressWarnings("SystemConsoleNull") // only where there is no /proc: a bar too many at worst
  private static boolean onTerminal() {
    try {
      String target = Files.readSymbolicLink(STDERR).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException noProc) {
      return System.console() != null;
    }
  }
}
