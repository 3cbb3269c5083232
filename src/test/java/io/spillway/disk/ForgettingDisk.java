package io.spillway.disk;

import static io.spillway.disk.PassingPath.real;

import io.spillway.disk.DiskEvent.Add;
import io.spillway.disk.DiskEvent.Force;
import io.spillway.disk.DiskEvent.Node;
import io.spillway.disk.DiskEvent.Promise;
import io.spillway.disk.DiskEvent.Remove;
import io.spillway.disk.DiskEvent.Rename;
import io.spillway.disk.DiskEvent.Sync;
import io.spillway.disk.DiskEvent.Truncate;
import io.spillway.disk.DiskEvent.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file system over a real directory that records what is done to it. What is there when it is
 * made is on the disk; what comes later is only when it is synced. Nothing is synced in truth, so
 * it is quick.
 */
public final class ForgettingDisk extends PassingProvider {
  private final Path root;
  private final boolean patchy;

  /** Where the names below the root lead now. */
  private final Map<Path, Node> names = new HashMap<>();

  private final Map<Node, byte[]> contents = new HashMap<>();
  private final Map<Node, Map<String, Node>> entries = new HashMap<>();
  private final List<DiskEvent> events = new ArrayList<>();
  private long operationsLeft = Long.MAX_VALUE;

  /** One over a real directory. */
  public static ForgettingDisk over(Path root) throws IOException {
    return new ForgettingDisk(root, false);
  }

  /** The same of one on which files are known to be damaged. */
  public static ForgettingDisk damaged(Path root) throws IOException {
    return new ForgettingDisk(root, true);
  }

  /**
   * @param patchy see {@link #isPatchy}
   */
  ForgettingDisk(Path root, boolean patchy) throws IOException {
    this.root = root.toRealPath();
    this.patchy = patchy;
    known(this.root);
  }

  private Node known(Path file) throws IOException {
    Node node = new Node(Files.isDirectory(file));
    names.put(file, node);
    if (!node.isDirectory) {
      contents.put(node, Files.readAllBytes(file));
      return node;
    }
    Map<String, Node> inside = new HashMap<>();
    try (Stream<Path> all = Files.list(file)) {
      for (Path each : all.toList()) {
        inside.put(each.getFileName().toString(), known(each));
      }
    }
    entries.put(node, inside);
    return node;
  }

  /** The directory, as whoever is to be recorded has to be given it. */
  public Path root() {
    return through(root);
  }

  /**
   * Whether what it began with has holes in what was not synced, and not only an end that is
   * missing: then what nobody was promised may look damaged.
   */
  public boolean isPatchy() {
    return patchy;
  }

  /** From here on this has to hold, whenever the power is cut. */
  public synchronized void promise(Object said) {
    events.add(new Promise(said));
  }

  /**
   * The process is killed after so many operations more: it can do nothing then, and what it has
   * done stays, if the power does.
   */
  public synchronized void killAfter(int operations) {
    operationsLeft = operations;
  }

  /** Another process is started. */
  public synchronized void revive() {
    operationsLeft = Long.MAX_VALUE;
  }

  /** Whether it was killed. */
  public synchronized boolean isDead() {
    return operationsLeft <= 0;
  }

  synchronized List<DiskEvent> events() {
    return List.copyOf(events);
  }

  Node top() {
    return names.get(root);
  }

  Map<Node, byte[]> contents() {
    return contents;
  }

  Map<Node, Map<String, Node>> entries() {
    return entries;
  }

  private void operation() throws IOException {
    if (operationsLeft <= 0) {
      throw new IOException("killed");
    }
    operationsLeft--;
  }

  private Node at(Path file) {
    return names.get(file.toAbsolutePath().normalize());
  }

  private void named(Path file, Node node) {
    Path absolute = file.toAbsolutePath().normalize();
    names.put(absolute, node);
    events.add(new Add(at(absolute.getParent()), absolute.getFileName().toString(), node));
  }

  private Remove unnamed(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Node node = names.remove(absolute);
    return new Remove(at(absolute.getParent()), absolute.getFileName().toString(), node);
  }

  @Override
  public synchronized FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path file = real(path);
    if (!options.contains(StandardOpenOption.WRITE)) {
      return new Recording(REAL.newFileChannel(file, options, attributes), at(file));
    }
    operation();
    boolean existed = Files.exists(file);
    FileChannel channel = REAL.newFileChannel(file, options, attributes);
    if (!existed) {
      named(file, new Node(false));
    } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      events.add(new Truncate(at(file), 0));
    }
    Node node = at(file);
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      events.add(unnamed(file)); // which is done at once
    }
    return new Recording(channel, node);
  }

  @Override
  public synchronized void createDirectory(Path dir, FileAttribute<?>... attributes)
      throws IOException {
    operation();
    REAL.createDirectory(real(dir), attributes);
    named(real(dir), new Node(true));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    if (Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
      operation();
    }
    REAL.delete(real(path));
    events.add(unnamed(real(path)));
  }

  @Override
  public synchronized void move(Path from, Path to, CopyOption... options) throws IOException {
    operation();
    REAL.move(real(from), real(to), options);
    Remove old = unnamed(real(from));
    named(real(to), old.node());
    events.add(new Rename((Add) events.remove(events.size() - 1), old));
    if (old.node().isDirectory) {
      follow(real(from), real(to));
    }
  }

  private void follow(Path from, Path to) {
    for (Path each : List.copyOf(names.keySet())) {
      if (each.startsWith(from)) {
        names.put(to.resolve(from.relativize(each)), names.remove(each));
      }
    }
  }

  private final class Recording extends PassingChannel {
    private final Node node;

    Recording(FileChannel real, Node node) {
      super(real);
      this.node = node;
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      synchronized (ForgettingDisk.this) {
        operation();
        ByteBuffer part = bytes.duplicate();
        boolean torn = isDead() && bytes.remaining() % 2 == 0;
        if (torn) {
          part.limit(part.position() + part.remaining() * 3 / 4); // killed in the middle of it
        }
        byte[] written = new byte[part.remaining()];
        part.duplicate().get(written);
        events.add(new Write(node, position, written));
        for (long at = position; part.hasRemaining(); ) {
          at += real().write(part, at);
        }
        if (torn) {
          throw new IOException("killed");
        }
        bytes.position(bytes.limit());
        return written.length;
      }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      synchronized (ForgettingDisk.this) {
        operation();
        events.add(new Truncate(node, size));
        real().truncate(size);
        return this;
      }
    }

    @Override
    public void force(boolean metaData) throws IOException {
      synchronized (ForgettingDisk.this) {
        operation();
        if (node == null) {
          return; // above the root
        }
        String site = ForceSite.here();
        events.add(node.isDirectory ? new Sync(node, site) : new Force(node, site));
      }
    }
  }
}
