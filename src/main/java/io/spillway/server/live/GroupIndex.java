package io.spillway.server.live;

import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.topic.FilterTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The groups by what they have chosen: a record finds its groups, and looks at no other. */
final class GroupIndex {
  private final List<ClientGroup> takeAll = new ArrayList<>();
  private final Map<String, List<ClientGroup>> byName = new HashMap<>();
  private final FilterTree<ClientGroup> byFilter = new FilterTree<>();

  void add(ClientGroup group) {
    Selection selection = group.selection;
    if (selection.isAll()) {
      takeAll.add(group);
      return;
    }
    selection.names().forEach(name -> byName.computeIfAbsent(name, n -> list()).add(group));
    selection.filters().forEach(filter -> byFilter.add(filter, group));
  }

  void remove(ClientGroup group) {
    Selection selection = group.selection;
    if (selection.isAll()) {
      takeAll.remove(group);
      return;
    }
    selection
        .names()
        .forEach(
            name ->
                byName.computeIfPresent(
                    name,
                    (n, groups) -> {
                      groups.remove(group);
                      return groups.isEmpty() ? null : groups;
                    }));
    selection.filters().forEach(filter -> byFilter.remove(filter, group));
  }

  /** Gives every group that has chosen the record; some may come several times. */
  void match(RecordView record, Consumer<ClientGroup> found) {
    takeAll.forEach(found);
    if (!byName.isEmpty()) {
      for (String topic : record.topics()) {
        List<ClientGroup> groups = byName.get(topic);
        if (groups != null) {
          groups.forEach(found);
        }
      }
    }
    if (!byFilter.isEmpty() && record.mqttTopic() != null) {
      byFilter.match(record.mqttTopic(), found);
    }
  }

  private static List<ClientGroup> list() {
    return new ArrayList<>(1);
  }
}
