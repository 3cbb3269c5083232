package io.spillway.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A bar on the terminal, with speed and time left; nothing when there is no terminal. */
final class Progress implements AutoCloseable {
  private static final int EVERY_MS = 250;
  private static final int WIDTH = 90;
  private static final long MEGABYTE = 1_000_000;
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  static Progress over(List<Path> files) {
    if (!onTerminal()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName("verify")
            .setInitialMax(files.stream().mapToLong(file -> file.toFile().length()).sum())
            .setUnit(" MB", MEGABYTE)
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
