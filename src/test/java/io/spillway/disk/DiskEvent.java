package io.spillway.disk;

/** One thing that was done to a disk. */
sealed interface DiskEvent {
  /** A file or a directory, whatever it is called. */
  final class Node {
    final boolean isDirectory;

    Node(boolean isDirectory) {
      this.isDirectory = isDirectory;
    }
  }

  /** What changes the content of a file. */
  sealed interface Change extends DiskEvent {
    Node file();
  }

  record Write(Node file, long at, byte[] bytes) implements Change {}

  record Truncate(Node file, long size) implements Change {}

  /** All of a file is on the disk from here on. */
  record Force(Node file, String site) implements DiskEvent {}

  /** A name was given; by a rename, or to something new. */
  record Add(Node dir, String name, Node node) implements DiskEvent {}

  /** A name was taken away. */
  record Remove(Node dir, String name, Node node) implements DiskEvent {}

  /** Of the two the second is not done where the first is not. */
  record Rename(Add to, Remove from) implements DiskEvent {}

  /** All names of a directory are on the disk from here on. */
  record Sync(Node dir, String site) implements DiskEvent {}

  /** What somebody was told has to hold from here on. */
  record Promise(Object said) implements DiskEvent {}
}
