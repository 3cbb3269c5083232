package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the pages for votes and chat are about.
 *
 * @param mqttUrl the broker's own WebSocket, which the pages then use; null: this server's /mqtt
 * @param voteTopic a vote is the text of a candidate on this topic
 * @param voteTitle the question; null: that of the page, in the reader's language
 * @param candidates what else comes is counted as unknown
 * @param oncePerBrowser the page takes one vote; a courtesy, nothing that could not be evaded
 * @param chatTopic names are the level below it
 */
public record PagesConfig(
    URI mqttUrl,
    String voteTopic,
    String voteTitle,
    List<String> candidates,
    boolean oncePerBrowser,
    String chatTopic) {
  private static final int CANDIDATES_MAX = 24;
  private static final int CANDIDATE_MAX = 60;
  private static final String URL_ALLOWED = "ws://host[:port][/path] or wss://host[:port][/path]";
  private static final String CANDIDATES_ALLOWED =
      "1.." + CANDIDATES_MAX + " different texts of 1.." + CANDIDATE_MAX + " characters";
  private static final String TOPIC_ALLOWED = "an MQTT topic of 1..256 bytes, without + and #";
  private static final int TOPIC_MAX = 256;

  /** It becomes part of the Content-Security-Policy, which knows no IPv6 addresses. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~/-]{0,255})?");
  private static final Pattern TITLE = Pattern.compile(".{1,120}");

  public PagesConfig {
    candidates = List.copyOf(candidates);
  }

  /** {@code ws://host[:port]} of the broker's own WebSocket, or null. */
  public String mqttOrigin() {
    return mqttUrl == null ? null : mqttUrl.getScheme() + "://" + mqttUrl.getRawAuthority();
  }

  static PagesConfig from(Section section) throws ConfigException {
    Section vote = section.needed("vote");
    Section chat = section.needed("chat");
    PagesConfig config =
        new PagesConfig(
            mqttUrl(section),
            topic(vote, "test/phone"),
            vote.optionalText("title", TITLE, "1..120 characters"),
            candidates(vote),
            vote.flag("oncePerBrowser", true),
            topic(chat, "chat"));
    vote.rejectUnknownKeys();
    chat.rejectUnknownKeys();
    section.rejectUnknownKeys();
    return config;
  }

  private static URI mqttUrl(Section section) throws ConfigException {
    String text = section.optionalText("mqttUrl", Pattern.compile("wss?://.+"), URL_ALLOWED);
    if (text == null) {
      return null;
    }
    try {
      URI url = new URI(text);
      boolean bare = url.getRawUserInfo() == null && url.getRawQuery() == null;
      boolean host = url.getHost() != null && HOST.matcher(url.getHost()).matches();
      if (bare && host && HostRule.isPort(url) && isPlain(url)) {
        return url;
      }
    } catch (URISyntaxException error) {
      // refused below, without the cause: its message would be the whole text
    }
    String allowed = URL_ALLOWED + " with a name or an IPv4 address, without user and parameters";
    throw section.wrong("mqttUrl", Section.found(text), allowed);
  }

  private static boolean isPlain(URI url) {
    return url.getRawFragment() == null && PATH.matcher(url.getRawPath()).matches();
  }

  private static List<String> candidates(Section section) throws ConfigException {
    List<String> byDefault = List.of("IFT1215", "MAT1400", "IFT1065", "MAT1600");
    List<String> names =
        section.texts("candidates", 1, CANDIDATES_MAX, CANDIDATES_ALLOWED, byDefault);
    for (String name : names) {
      if (name.length() > CANDIDATE_MAX) {
        throw section.wrong("candidates", Section.found(name), CANDIDATES_ALLOWED);
      }
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw section.wrong("candidates", "one name twice", CANDIDATES_ALLOWED);
    }
    return names;
  }

  private static String topic(Section section, String byDefault) throws ConfigException {
    String topic = section.text("topic", TOPIC_ALLOWED, byDefault);
    boolean wild = topic.contains("+") || topic.contains("#") || topic.startsWith("$");
    if (wild || topic.getBytes(StandardCharsets.UTF_8).length > TOPIC_MAX) {
      throw section.wrong("topic", Section.found(topic), TOPIC_ALLOWED);
    }
    return topic;
  }
}
