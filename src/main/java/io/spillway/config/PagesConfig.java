package io.spillway.config;

import io.spillway.config.Section.Presence;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/** What the pages for votes and chat are about. */
public record PagesConfig(
    @Key(
            form = Form.PAGE_URL,
            meaning =
                "the broker's own WebSocket, for `/vote`, `/results` and `/chat`; null: `/mqtt` "
                    + "here, see [pages.md](pages.md)")
        URI mqttUrl,
    @Section(Presence.ALWAYS) Vote vote,
    @Section(Presence.ALWAYS) Chat chat) {
  /** It becomes part of the Content-Security-Policy, which knows no IPv6 addresses. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~/-]{0,255})?");

  /** The vote. */
  public record Vote(
      @Key(
              byDefault = "test/phone",
              form = Form.MQTT_TOPIC,
              meaning = "a vote is the plain text of a candidate on it")
          String topic,
      @Key(
              form = Form.CHARACTERS_120,
              meaning =
                  "the question; null: the page has one in the reader's language. Another title is "
                      + "another vote")
          String title,
      @Key(
              byDefault = {"IFT1215", "MAT1400", "IFT1065", "MAT1600"},
              min = 1,
              max = 24,
              form = Form.CANDIDATE,
              allowed = "different texts of 1..60 characters",
              meaning = "what else is voted for is counted as unknown")
          List<String> candidates,
      @Key(
              byDefault = "true",
              meaning = "`/vote` takes one vote in each browser: a courtesy, no security")
          boolean oncePerBrowser)
      implements Checked {
    public Vote {
      candidates = List.copyOf(candidates);
    }

    @Override
    public void check(Checks at) throws ConfigException {
      at.once(
          "candidates", candidates, "one name twice", "1..24 different texts of 1..60 characters");
    }
  }

  /** The chat. */
  public record Chat(
      @Key(byDefault = "chat", form = Form.MQTT_TOPIC, meaning = "`alice` writes to `chat/alice`")
          String topic) {}

  public String voteTopic() {
    return vote.topic;
  }

  public String voteTitle() {
    return vote.title;
  }

  public List<String> candidates() {
    return vote.candidates;
  }

  public boolean oncePerBrowser() {
    return vote.oncePerBrowser;
  }

  public String chatTopic() {
    return chat.topic;
  }

  /** {@code ws://host[:port]} of the broker's own WebSocket, or null. */
  public String mqttOrigin() {
    return mqttUrl == null ? null : mqttUrl.getScheme() + "://" + mqttUrl.getRawAuthority();
  }

  static URI mqttUrl(String text) throws Unusable {
    String allowed =
        ServerUrl.ALLOWED + " with a name or an IPv4 address, without user and parameters";
    try {
      URI url = Urls.parse(text, allowed);
      boolean webSocket = url.getScheme().equals("ws") || url.getScheme().equals("wss");
      boolean bare = url.getRawUserInfo() == null && url.getRawQuery() == null;
      boolean plain = url.getRawFragment() == null && PATH.matcher(url.getRawPath()).matches();
      if (webSocket && bare && plain && HOST.matcher(url.getHost()).matches()) {
        return url;
      }
    } catch (Unusable noUrl) {
      throw new Unusable(null, noUrl.allowed());
    }
    throw new Unusable(null, allowed);
  }
}
