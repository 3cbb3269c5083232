package io.spillway.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who has a directory open, found out without touching its lock: to try it would lock out, for a
 * moment, the process whose it is. Linux lists its locks; elsewhere the number that the holder has
 * noted is all there is, and another process may have it by now.
 *
 * @param pid the process
 * @param certain whether it holds the lock for certain
 */
record LockHolder(long pid, boolean certain) {
  private static final Path LOCKS = Path.of("/proc/locks");
  private static final long NOTE_BYTES_MAX = 64;

  /** What Linux lists of one: 1: POSIX ADVISORY WRITE 4711 08:01:131 0 EOF. */
  private static final int FIELDS = 6;

  /** Empty if nobody has it, or nobody that can be seen from here. */
  static Optional<LockHolder> of(Path lock) throws IOException {
    if (!Files.isRegularFile(lock)) {
      return Optional.empty();
    }
    OptionalLong noted = noted(lock);
    if (Files.isReadable(LOCKS)) {
      Map<String, Object> file = Files.readAttributes(lock, "unix:ino,dev");
      OptionalLong holder =
          holder(
              Files.readAllLines(LOCKS, StandardCharsets.ISO_8859_1),
              ((Number) file.get("ino")).longValue(),
              ((Number) file.get("dev")).longValue(),
              noted.orElse(0));
      return holder.isPresent()
          ? Optional.of(new LockHolder(holder.getAsLong(), true))
          : Optional.empty();
    }
    return noted.isPresent() && ProcessHandle.of(noted.getAsLong()).isPresent()
        ? Optional.of(new LockHolder(noted.getAsLong(), false))
        : Optional.empty();
  }

  /** Whose process it is; empty if that is not to be seen. */
  Optional<String> user() {
    return ProcessHandle.of(pid).flatMap(process -> process.info().user());
  }

  private static OptionalLong noted(Path lock) throws IOException {
    try {
      String text = Files.size(lock) > NOTE_BYTES_MAX ? "" : Files.readString(lock).strip();
      return text.matches("[1-9][0-9]{0,9}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (NoSuchFileException gone) {
      return OptionalLong.empty();
    }
  }

  /**
   * Finds the lock on one file among those that Linux lists. Of a file system that is laid over
   * another one the devices differ: there the process has to be the one that has noted itself.
   */
  static OptionalLong holder(List<String> locks, long inode, long device, long noted) {
    for (String line : locks) {
      String[] lock = line.strip().split("\\s+", -1);
      if (lock.length < FIELDS || !lock[1].equals("POSIX") || !lock[3].equals("WRITE")) {
        continue;
      }
      String[] file = lock[5].split(":", -1);
      if (file.length != 3 || !file[2].equals(Long.toString(inode)) || !isNumber(lock[4])) {
        continue;
      }
      long pid = Long.parseLong(lock[4]);
      if (pid == noted || isDevice(file, device)) {
        return OptionalLong.of(pid);
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isNumber(String text) {
    return text.matches("[1-9][0-9]{0,9}");
  }

  /** As glibc takes a device apart: the low bits of both numbers first, the high ones behind. */
  private static boolean isDevice(String[] file, long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
    long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
    return file[0].equals(twoDigits(major)) && file[1].equals(twoDigits(minor));
  }

  private static String twoDigits(long number) {
    String hex = Long.toHexString(number);
    return hex.length() < 2 ? "0" + hex : hex;
  }
}
