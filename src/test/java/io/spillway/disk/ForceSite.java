package io.spillway.disk;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.spillway.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A place in the product where something is synced: {@code <class>:<line>}. */
final class ForceSite {
  private static final String PRODUCT = "io.spillway.";
  private static final String OURS = "io.spillway.disk.";

  /** Which others call to sync a directory: the place is theirs. */
  private static final String PASSED_ON = "Disk.syncDirectory";

  private ForceSite() {}

  /** Where the calling thread is. */
  static String here() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(
                        frame ->
                            frame.getClassName().startsWith(PRODUCT)
                                && !frame.getClassName().startsWith(OURS))
                    .map(
                        frame ->
                            new String[] {
                              simple(frame.getClassName()),
                              frame.getMethodName(),
                              String.valueOf(frame.getLineNumber())
                            })
                    .filter(frame -> !(frame[0] + '.' + frame[1]).equals(PASSED_ON))
                    .map(frame -> frame[0] + ':' + frame[2])
                    .findFirst()
                    .orElse("a test"));
  }

  /** All of them, with what they are called where lines may change: {@code Class.method#n}. */
  static Map<String, String> all() throws IOException {
    Map<String, Set<Integer>> lines = new TreeMap<>();
    for (JavaClass type : new ClassFileImporter().importPaths(suspects())) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        String owner = simple(call.getTargetOwner().getName());
        String target = owner + '.' + call.getTarget().getName();
        String from = simple(type.getName()) + '.' + call.getOrigin().getName();
        boolean syncs = target.equals("FileChannel.force") || target.equals(PASSED_ON);
        if (syncs && !from.equals(PASSED_ON)) {
          lines.computeIfAbsent(from, method -> new TreeSet<>()).add(call.getLineNumber());
        }
      }
    }
    Map<String, String> all = new TreeMap<>();
    lines.forEach(
        (method, at) -> {
          int n = 1;
          for (int line : at) {
            String type = method.substring(0, method.indexOf('.'));
            all.put(type + ':' + line, at.size() == 1 ? method : method + '#' + n++);
          }
        });
    return all;
  }

  /** Classes that may do so: all that know such a name. To look at all the others takes long. */
  private static List<Path> suspects() throws IOException {
    Path classes =
        Path.of(URI.create(Main.class.getProtectionDomain().getCodeSource().getLocation() + ""));
    List<Path> suspects = new ArrayList<>();
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(each -> each.toString().endsWith(".class")).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (content.contains(constant("force")) || content.contains(constant("syncDirectory"))) {
          suspects.add(file);
        }
      }
    }
    return suspects;
  }

  /** As a name is in a class file, behind its kind and its length. */
  private static String constant(String name) {
    return "\1\0" + (char) name.length() + name;
  }

  private static String simple(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return last.contains("$") ? last.substring(0, last.indexOf('$')) : last;
  }
}
