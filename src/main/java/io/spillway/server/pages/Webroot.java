package io.spillway.server.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads a folder of the class path, in a jar or on disk. */
final class Webroot {
  /** Far more than the pages need: a mistake in packaging must not fill the memory. */
  private static final long BYTES_MAX = 16 << 20;

  private Webroot() {}

  /**
   * The files below {@code folder} by their path from there, such as {@code /a/b.js}. Files and
   * folders that begin with a dot are left out.
   *
   * @param marker a file that is in the folder
   * @throws IllegalStateException when it is not there, or is too large
   */
  static Map<String, byte[]> read(String folder, String marker) {
    URL found = Webroot.class.getClassLoader().getResource(folder + '/' + marker);
    if (found == null) {
      throw new IllegalStateException("no " + folder + '/' + marker + " in the class path");
    }
    try {
      URI uri = found.toURI();
      if (!uri.getScheme().equals("jar")) {
        return files(Path.of(uri).getParent());
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return files(jar.getPath(folder));
      }
    } catch (IOException error) {
      throw new UncheckedIOException("cannot read " + folder, error);
    } catch (URISyntaxException error) {
      throw new IllegalStateException("cannot read " + folder, error);
    }
  }

  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    long bytes = 0;
    for (Path file : visible(root)) {
      bytes += Files.size(file);
      if (bytes > BYTES_MAX) {
        throw new IllegalStateException("the pages are larger than " + BYTES_MAX + " bytes");
      }
      files.put(
          '/' + root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
    }
    return files;
  }

  private static List<Path> visible(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !("/" + root.relativize(file)).contains("/."))
          .toList();
    }
  }
}
