package io.spillway.server.live;

import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.records.Selection;
import io.spillway.server.records.TopicNames;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks for in the URL of its upgrade: {@code ?topics=a,b&since=…}, the same as a
 * first {@code subscribe}.
 *
 * @param subscribe null if it asks for nothing
 */
record Wish(Subscribe subscribe) {
  private static final int DIGITS_MAX = 18;

  static Wish of(HttpServerRequest request) throws Takeover.Refused {
    String topicsText = request.getParam("topics");
    String sinceText = request.getParam("since");
    if (topicsText == null && sinceText == null) {
      return new Wish(null);
    }
    List<String> topics = new ArrayList<>();
    for (String topic : (topicsText == null ? TopicNames.ALL : topicsText).split(",", -1)) {
      if (!topic.isBlank()) {
        topics.add(topic.strip());
      }
    }
    String problem =
        topics.isEmpty() ? "topics: names none" : Selection.problem(topics).orElse(null);
    if (problem != null) {
      throw new Takeover.Refused(400, problem);
    }
    return new Wish(new Subscribe(topics, since(sinceText)));
  }

  private static long since(String text) throws Takeover.Refused {
    if (text == null) {
      return 0;
    }
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || text.length() > DIGITS_MAX) {
      throw new Takeover.Refused(400, "since: has to be an offset, a whole number from 0 on");
    }
    return Math.max(1, Long.parseLong(text));
  }

  boolean isEmpty() {
    return subscribe == null;
  }
}
