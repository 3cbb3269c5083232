package io.spillway.server.live;

import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.records.Selection;
import io.spillway.server.records.TopicNames;
import io.spillway.server.records.TopicsParam;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * What a client asks for in the URL of its upgrade: {@code ?topics=a,b&since=…}, the same as a
 * first {@code subscribe}.
 *
 * @param subscribe null if it asks for nothing
 */
record UpgradeQuery(Subscribe subscribe) {
  private static final int DIGITS_MAX = 18;

  static UpgradeQuery of(HttpServerRequest request) throws NettyWebSocketUpgrade.Refused {
    List<String> topics = topics(request.query());
    String since = request.getParam("since");
    if (topics == null && since == null) {
      return new UpgradeQuery(null);
    }
    topics = topics == null ? List.of(TopicNames.ALL) : topics;
    String problem =
        topics.isEmpty() ? "topics: names none" : Selection.problem(topics).orElse(null);
    if (problem != null) {
      throw new NettyWebSocketUpgrade.Refused(400, problem);
    }
    return new UpgradeQuery(new Subscribe(topics, since(since)));
  }

  private static List<String> topics(String query) throws NettyWebSocketUpgrade.Refused {
    try {
      return TopicsParam.of(query, "topics");
    } catch (IllegalArgumentException error) {
      throw new NettyWebSocketUpgrade.Refused(400, "topics: " + error.getMessage());
    }
  }

  private static long since(String text) throws NettyWebSocketUpgrade.Refused {
    if (text == null) {
      return 0;
    }
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || text.length() > DIGITS_MAX) {
      throw new NettyWebSocketUpgrade.Refused(
          400, "since: has to be an offset, a whole number from 0 on");
    }
    return Math.max(1, Long.parseLong(text));
  }

  boolean isEmpty() {
    return subscribe == null;
  }
}
