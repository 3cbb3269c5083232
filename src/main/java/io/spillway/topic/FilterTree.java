package io.spillway.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * MQTT topic filters in a tree, one level of a topic a step (MQTT 3.1.1 section 4.7), so that a
 * topic finds the filters it matches in a time that depends on its levels, not on how many filters
 * there are.
 *
 * @param <T> what is kept under a filter
 */
public final class FilterTree<T> {
  private final Node<T> root = new Node<>();
  private int size;

  private static final class Node<T> {
    private final Map<String, Node<T>> children = new HashMap<>(2);
    private final List<T> here = new ArrayList<>(1);
    private final List<T> hereAndBelow = new ArrayList<>(0);

    boolean isEmpty() {
      return children.isEmpty() && here.isEmpty() && hereAndBelow.isEmpty();
    }
  }

  /** Keeps {@code value} under a {@linkplain TopicFilter valid} filter. */
  public void add(String filter, T value) {
    Node<T> node = root;
    for (String level : filter.split("/", -1)) {
      if (level.equals("#")) {
        node.hereAndBelow.add(value);
        size++;
        return;
      }
      node = node.children.computeIfAbsent(level, l -> new Node<>());
    }
    node.here.add(value);
    size++;
  }

  /** Takes out what was added with the same filter and an equal value. */
  public void remove(String filter, T value) {
    remove(root, filter.split("/", -1), 0, value);
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * Gives every value whose filter matches; one that was added under several matching filters comes
   * several times.
   */
  public void match(String topic, Consumer<? super T> found) {
    if (size > 0) {
      // Section 4.7.2: a wildcard in the first level does not match a topic that begins with $.
      match(root, topic, 0, !topic.startsWith("$"), found);
    }
  }

  private void match(
      Node<T> node, String topic, int from, boolean wild, Consumer<? super T> found) {
    if (wild) {
      node.hereAndBelow.forEach(found);
    }
    if (from > topic.length()) { // behind the last level
      node.here.forEach(found);
      return;
    }
    if (node.children.isEmpty()) {
      return;
    }
    int slash = topic.indexOf('/', from);
    int to = slash < 0 ? topic.length() : slash;
    Node<T> exact = node.children.get(topic.substring(from, to));
    if (exact != null) {
      match(exact, topic, to + 1, true, found);
    }
    Node<T> any = wild ? node.children.get("+") : null;
    if (any != null) {
      match(any, topic, to + 1, true, found);
    }
  }

  private void remove(Node<T> node, String[] levels, int depth, T value) {
    boolean atEnd = depth == levels.length;
    if (atEnd || levels[depth].equals("#")) {
      if ((atEnd ? node.here : node.hereAndBelow).remove(value)) {
        size--;
      }
      return;
    }
    Node<T> child = node.children.get(levels[depth]);
    if (child != null) {
      remove(child, levels, depth + 1, value);
      if (child.isEmpty()) {
        node.children.remove(levels[depth]);
      }
    }
  }
}
