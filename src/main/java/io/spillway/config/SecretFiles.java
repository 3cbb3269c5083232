package io.spillway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files a configuration takes its secrets from. They are part of it as much as its own text:
 * who changes one of them has changed the configuration. Only keys that are secrets count, since
 * {@code server.journal} has a key {@code file}, too.
 */
final class SecretFiles {
  private static final Shape ALL = Shape.of(Config.class);

  private final Path workingDir;
  private final Set<Path> found = new TreeSet<>();

  private SecretFiles(Path workingDir) {
    this.workingDir = workingDir;
  }

  /** In the order of their names; none of a text that is no configuration, wholly or in part. */
  static Set<Path> in(String conf, Path workingDir) {
    SecretFiles files = new SecretFiles(workingDir);
    files.collect(ALL, ConfFile.tree(conf).orElseGet(ConfFile::empty));
    return files.found;
  }

  private void collect(Shape shape, JsonNode json) {
    for (Member member : shape.members()) {
      if (member instanceof Setting setting && setting.kind() == Setting.Kind.SECRET) {
        add(json.path(setting.name()));
      } else if (member instanceof Member.Section section) {
        collect(section.shape(), json.path(section.name()));
      } else if (member instanceof Member.Many many) {
        json.path(many.name()).forEach(entry -> collect(many.shape(), entry));
      } else if (member instanceof Member.Unwrapped inner) {
        collect(inner.shape(), json);
      }
    }
  }

  private void add(JsonNode secret) {
    if (secret instanceof ObjectNode && secret.path("file").isTextual()) {
      try {
        found.add(Form.resolve(secret.get("file").textValue(), workingDir));
      } catch (Unusable error) {
        // No path, so there is nothing to look at; that it is none is said when it is loaded.
      }
    }
  }
}
