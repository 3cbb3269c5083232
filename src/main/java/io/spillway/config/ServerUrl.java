package io.spillway.config;

import java.net.URI;
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
public record ServerUrl(URI url, Secret token) {
  static final String ALLOWED = "ws://host[:port][/path] or wss://host[:port][/path]";
  private static final String TOKEN = "token=";

  static ServerUrl parse(String text) throws Unusable {
    // What cloudflared and browsers show is an https:// address.
    String allowed = text.startsWith("http") ? ALLOWED + " (wss:// for https://)" : ALLOWED;
    URI url = Urls.parse(text, allowed);
    if (url.getRawUserInfo() != null) {
      throw new Unusable(null, "no user and password; the token is edge.uplink.token");
    }
    boolean webSocket = url.getScheme().equals("ws") || url.getScheme().equals("wss");
    if (!webSocket || url.getRawFragment() != null) {
      throw new Unusable(null, allowed);
    }
    return parts(url);
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
