package io.spillway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares and mixes settings, key by key, as {@link Key#live} and {@link Entries#live} say. */
final class Reload {
  private static final Shape ALL = Shape.of(Config.class);

  private Reload() {}

  /** The settings that run, with those of {@code fresh} that can change while they do. */
  static Config mixed(Config running, Config fresh) {
    return (Config) mixed(ALL, running, fresh);
  }

  /** The keys that differ, by their full names; a section that only one has stands for its own. */
  static List<String> differences(Config one, Config other) {
    List<String> names = new ArrayList<>();
    collect(ALL, "", one, other, names);
    return names;
  }

  private static Object mixed(Shape shape, Object running, Object fresh) {
    List<Object> values = new ArrayList<>();
    for (Member member : shape.members()) {
      values.add(mixed(member, Shape.value(member, running), Shape.value(member, fresh)));
    }
    return shape.make(values);
  }

  private static Object mixed(Member member, Object running, Object fresh) {
    if (member instanceof Setting setting) {
      return setting.key().live() ? fresh : running;
    }
    if (member instanceof Member.Many many) {
      return many.live() ? fresh : running;
    }
    Shape shape = inner(member);
    return shape == null || running == null || fresh == null
        ? running
        : mixed(shape, running, fresh);
  }

  private static void collect(
      Shape shape, String path, Object one, Object other, List<String> names) {
    for (Member member : shape.members()) {
      Object left = Shape.value(member, one);
      Object right = Shape.value(member, other);
      Shape inner = inner(member);
      String at = member instanceof Member.Unwrapped ? path : path + name(member);
      if (Objects.equals(left, right)) {
        continue;
      }
      if (inner != null && left != null && right != null) {
        collect(inner, member instanceof Member.Section ? at + "." : at, left, right, names);
      } else {
        names.add(at);
      }
    }
  }

  private static Shape inner(Member member) {
    if (member instanceof Member.Section section) {
      return section.shape();
    }
    return member instanceof Member.Unwrapped unwrapped ? unwrapped.shape() : null;
  }

  private static String name(Member member) {
    if (member instanceof Setting setting) {
      return setting.name();
    }
    if (member instanceof Member.Section section) {
      return section.name();
    }
    return member instanceof Member.Many many ? many.name() : "";
  }
}
