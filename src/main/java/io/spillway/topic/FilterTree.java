package io.spillway.topic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Many {@linkplain TopicFilter topic filters} in a tree, one level a step, so that a topic finds
 * those it matches in a time that depends on its levels and not on how many filters there are.
 *
 * @param <T> what is kept under a filter
 */
public final class FilterTree<T> {
  private final Node<T> root = new Node<>(null, "");
  private int size;

  /** Levels of the longest filter that was ever added, without a {@code #}. */
  private int depthMax;

  private static final class Node<T> {
    private final Node<T> parent;
    private final String level;
    private final int depth;
    private final Map<String, Node<T>> children = new HashMap<>(2);
    private final List<T> here = new ArrayList<>(1);
    private final List<T> hereAndBelow = new ArrayList<>(0);

    Node(Node<T> parent, String level) {
      this.parent = parent;
      this.level = level;
      this.depth = parent == null ? 0 : parent.depth + 1;
    }

    boolean isEmpty() {
      return children.isEmpty() && here.isEmpty() && hereAndBelow.isEmpty();
    }
  }

  /**
   * Keeps {@code value} under a filter.
   *
   * @throws IllegalArgumentException if the filter is not valid
   */
  public void add(String filter, T value) {
    Node<T> node = root;
    for (String level : TopicFilter.of(filter).levels()) {
      if (level.equals("#")) {
        node.hereAndBelow.add(value);
        size++;
        return;
      }
      Node<T> parent = node;
      node = parent.children.computeIfAbsent(level, name -> new Node<>(parent, name));
      depthMax = Math.max(depthMax, node.depth);
    }
    node.here.add(value);
    size++;
  }

  /** Takes out what was added with the same filter and an equal value. */
  public void remove(String filter, T value) {
    Node<T> node = root;
    List<T> values = null;
    for (String level : TopicFilter.of(filter).levels()) {
      if (level.equals("#")) {
        values = node.hereAndBelow;
        break;
      }
      node = node.children.get(level);
      if (node == null) {
        return;
      }
    }
    if ((values == null ? node.here : values).remove(value)) {
      size--;
    }
    for (; node.parent != null && node.isEmpty(); node = node.parent) {
      node.parent.children.remove(node.level);
    }
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * Gives every value whose filter matches; one that was added under several matching filters comes
   * several times. Looks at each node once at most.
   */
  public void match(String topic, Consumer<? super T> found) {
    if (size == 0) {
      return;
    }
    String[] levels = topic.split("/", depthMax + 1); // no filter looks at more
    Deque<Node<T>> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node<T> node = open.pop();
      // Section 4.7.2: a wildcard in the first level does not match a topic that begins with $.
      boolean wild = node != root || !topic.startsWith("$");
      if (wild) {
        node.hereAndBelow.forEach(found);
      }
      if (node.depth == levels.length) {
        node.here.forEach(found);
      } else if (!node.children.isEmpty()) {
        Node<T> any = wild ? node.children.get("+") : null;
        Node<T> exact = node.children.get(levels[node.depth]);
        if (any != null) {
          open.push(any);
        }
        if (exact != null && exact != any) { // a stranger's topic may have a + in it
          open.push(exact);
        }
      }
    }
  }
}
