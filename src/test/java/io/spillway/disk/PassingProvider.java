package io.spillway.disk;

import static io.spillway.disk.PassingPath.real;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Passes on to the machine's file system what only reads; what changes it is for the others. */
abstract class PassingProvider extends FileSystemProvider {
  static final FileSystemProvider REAL = FileSystems.getDefault().provider();

  private final FileSystem fileSystem = new PassingFileSystem(this);

  /** The same place, seen through this one. */
  final Path through(Path real) {
    return new PassingPath(fileSystem, real);
  }

  @Override
  public abstract FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException;

  @Override
  public final SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public final DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> entries =
        REAL.newDirectoryStream(real(dir), entry -> filter.accept(through(entry)));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        Iterator<Path> all = entries.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public Path next() {
            return through(all.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        entries.close();
      }
    };
  }

  @Override
  public final boolean isSameFile(Path one, Path other) throws IOException {
    return REAL.isSameFile(real(one), real(other));
  }

  @Override
  public final boolean isHidden(Path path) throws IOException {
    return REAL.isHidden(real(path));
  }

  @Override
  public final FileStore getFileStore(Path path) throws IOException {
    return REAL.getFileStore(real(path));
  }

  @Override
  public final void checkAccess(Path path, AccessMode... modes) throws IOException {
    REAL.checkAccess(real(path), modes);
  }

  @Override
  public final <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return REAL.getFileAttributeView(real(path), type, options);
  }

  @Override
  public final <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return REAL.readAttributes(real(path), type, options);
  }

  @Override
  public final Map<String, Object> readAttributes(
      Path path, String attributes, LinkOption... options) throws IOException {
    return REAL.readAttributes(real(path), attributes, options);
  }

  @Override
  public final void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    REAL.setAttribute(real(path), name, value, options);
  }

  // --- nobody asks for these

  @Override
  public final String getScheme() {
    return "passing";
  }

  @Override
  public final FileSystem newFileSystem(URI uri, Map<String, ?> options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException();
  }
}
