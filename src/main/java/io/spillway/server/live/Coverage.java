package io.spillway.server.live;

import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client has had without a gap until now: some topics from one offset on, others from
 * another. Immutable. It may say less than is true, never more.
 */
final class Coverage {
  static final Coverage NONE = new Coverage(List.of());
  private static final int PARTS_MAX = 16;

  private final List<Part> parts;

  /** All of the selection, from this offset on. */
  private record Part(Selection selection, long from) {
    boolean includes(Part other) {
      return from <= other.from && selection.topics().containsAll(other.selection.topics());
    }
  }

  private Coverage(List<Part> parts) {
    this.parts = parts;
  }

  /** And all of {@code selection}, from {@code from} on. */
  Coverage with(Selection selection, long from) {
    Part added = new Part(selection, from);
    List<Part> sum = new ArrayList<>(parts);
    if (sum.stream().noneMatch(part -> part.includes(added))) {
      sum.removeIf(added::includes);
      sum.add(added);
    }
    return new Coverage(List.copyOf(sum.subList(Math.max(0, sum.size() - PARTS_MAX), sum.size())));
  }

  /** But these topics no longer. */
  Coverage without(List<String> topics) {
    return new Coverage(
        parts.stream()
            .map(part -> new Part(part.selection.without(topics), part.from))
            .filter(part -> !part.selection.topics().isEmpty())
            .toList());
  }

  /** Whether the client has had this record, which has this offset. */
  boolean has(RecordView record, long offset) {
    for (Part part : parts) {
      if (offset >= part.from && record.isIn(part.selection)) {
        return true;
      }
    }
    return false;
  }
}
