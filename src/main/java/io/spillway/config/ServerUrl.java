package io.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of the server, with the token taken out of it.
 *
 * @param url with a path, and without {@code ?token=}
 * @param token from {@code ?token=}, as the documented scripts build it; or null
 */
record ServerUrl(URI url, Secret token) {
  static final String ALLOWED = "ws://host[:port][/path] or wss://host[:port][/path]";
  static final String DEFAULT = "ws://127.0.0.1:3006/ws";
  private static final String TOKEN = "token=";

  static ServerUrl read(Section section, String key) throws ConfigException {
    String text = section.url(key, ALLOWED, DEFAULT);
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException error) {
      // Without the cause: its message is the whole URL, token included.
      throw section.wrong(key, Section.found(text) + ", which is not a URL", ALLOWED);
    }
    if (url.getRawUserInfo() != null) {
      throw section.wrong(
          key, Section.found(text), "no user and password; the token is " + section.at("token"));
    }
    String scheme = String.valueOf(url.getScheme());
    boolean webSocket = scheme.equals("ws") || scheme.equals("wss");
    if (!webSocket || url.getHost() == null || url.getRawFragment() != null) {
      throw section.wrong(key, Section.found(text), hint(scheme));
    }
    if (!HostRule.isPort(url)) {
      throw section.wrong(key, Section.found(text), "a port 1..65535");
    }
    return parts(url);
  }

  // What cloudflared and browsers show is an https:// address.
  private static String hint(String scheme) {
    return scheme.startsWith("http") ? ALLOWED + " (wss:// for https://)" : ALLOWED;
  }

  private static ServerUrl parts(URI url) {
    List<String> kept = new ArrayList<>();
    Secret token = null;
    String query = url.getRawQuery() == null ? "" : url.getRawQuery();
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith(TOKEN)) {
        String value = URLDecoder.decode(pair.substring(TOKEN.length()), StandardCharsets.UTF_8);
        token = value.isEmpty() ? null : new Secret(value);
      } else if (!pair.isEmpty()) {
        kept.add(pair);
      }
    }
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String rest = kept.isEmpty() ? "" : "?" + String.join("&", kept);
    return new ServerUrl(
        URI.create(url.getScheme() + "://" + url.getRawAuthority() + path + rest), token);
  }
}
