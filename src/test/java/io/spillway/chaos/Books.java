package io.spillway.chaos;

import io.spillway.kit.Ndjson;
import io.spillway.kit.Publisher;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in the server's journal, by who has sent it. */
final class Books {
  private static final Pattern ID = Pattern.compile("\"id\":\"(r[0-9a-z]+)-(\\d+)\"");
  private static final Pattern TOPIC = Pattern.compile("\"_topic\":\"([^\"]+)\"");

  private final Map<String, List<Integer>> ofRun = new HashMap<>();
  private final Map<String, Integer> ofTopic = new HashMap<>();
  private final int lines;

  Books(Ndjson journal) {
    List<String> all = journal.lines();
    lines = all.size();
    for (String line : all) {
      Matcher topic = TOPIC.matcher(line);
      if (topic.find()) {
        ofTopic.merge(topic.group(1), 1, Integer::sum);
      }
      Matcher id = ID.matcher(line);
      if (id.find()) {
        int n = Integer.parseInt(id.group(2));
        ofRun.computeIfAbsent(id.group(1), run -> new ArrayList<>()).add(n);
      }
    }
  }

  int lines() {
    return lines;
  }

  /** Numbers of the messages of this publisher in the order in which they are stored. */
  List<Integer> of(Publisher publisher) {
    return ofRun.getOrDefault(publisher.run(), List.of());
  }

  /** How many are stored of this topic. */
  int ofTopic(String topic) {
    return ofTopic.getOrDefault(topic, 0);
  }

  /** Runs of publishers that nobody knows. */
  Set<String> strangers(Set<String> known) {
    Set<String> strangers = new HashSet<>(ofRun.keySet());
    strangers.removeAll(known);
    return strangers;
  }

  /** Ids of the messages that were set aside in there. */
  static Set<String> setAside(Ndjson directory) {
    Set<String> ids = new HashSet<>();
    for (JsonObject rejected : directory.rejected()) {
      byte[] payload = rejected.getBinary("payload");
      Matcher id = ID.matcher(new String(payload, StandardCharsets.UTF_8));
      if (id.find()) {
        ids.add(id.group(1) + "-" + id.group(2));
      }
    }
    return ids;
  }
}
