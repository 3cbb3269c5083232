package io.spillway.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of the machine's file system, that leads through another one. */
record PassingPath(FileSystem through, Path real) implements Path {
  static Path real(Path path) {
    return path instanceof PassingPath passing ? passing.real : path;
  }

  private Path through(Path other) {
    return other == null ? null : new PassingPath(through, other);
  }

  @Override
  public FileSystem getFileSystem() {
    return through;
  }

  @Override
  public boolean isAbsolute() {
    return real.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return through(real.getRoot());
  }

  @Override
  public Path getFileName() {
    return through(real.getFileName());
  }

  @Override
  public Path getParent() {
    return through(real.getParent());
  }

  @Override
  public int getNameCount() {
    return real.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return through(real.getName(index));
  }

  @Override
  public Path subpath(int from, int to) {
    return through(real.subpath(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return real.startsWith(real(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return real.endsWith(real(other));
  }

  @Override
  public Path normalize() {
    return through(real.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return through(real.resolve(real(other)));
  }

  @Override
  public Path relativize(Path other) {
    return through(real.relativize(real(other)));
  }

  @Override
  public URI toUri() {
    return real.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return through(real.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return through(real.toRealPath(options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return real.compareTo(real(other));
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
