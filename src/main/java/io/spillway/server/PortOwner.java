package io.spillway.server;

import io.spillway.message.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who listens on a port of this machine, as Linux tells; of processes of other users it tells only
 * root.
 *
 * @param pid the process
 * @param name what it is called, as {@code java}
 */
record PortOwner(long pid, String name) {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENS = "0A"; // include/net/tcp_states.h
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  /** Empty if it cannot be told. Blocking. */
  static Optional<PortOwner> of(int port) {
    try {
      Set<String> sockets = new HashSet<>();
      for (String table : List.of("net/tcp", "net/tcp6")) {
        Path file = PROC.resolve(table);
        if (Files.isReadable(file)) {
          sockets.addAll(listening(Files.readAllLines(file, StandardCharsets.ISO_8859_1), port));
        }
      }
      return sockets.isEmpty() ? Optional.empty() : owner(sockets);
    } catch (IOException unknown) {
      return Optional.empty();
    }
  }

  /** What the sockets that listen there are called among the files of a process. */
  static Set<String> listening(List<String> table, int port) {
    Set<String> sockets = new HashSet<>();
    for (String line : table) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > INODE
          && fields[STATE].equals(LISTENS)
          && fields[LOCAL].endsWith(":%04X".formatted(port))) {
        sockets.add("socket:[" + fields[INODE] + "]");
      }
    }
    return sockets;
  }

  private static Optional<PortOwner> owner(Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        if (hasOne(process.resolve("fd"), sockets)) {
          long pid = Long.parseLong(process.getFileName().toString());
          return Optional.of(new PortOwner(pid, name(process)));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean hasOne(Path descriptors, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors)) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException | RuntimeException notOurs) { // gone, or of another user
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return Printable.of(Files.readString(process.resolve("comm")).strip());
    } catch (IOException gone) {
      return "one that has ended";
    }
  }
}
