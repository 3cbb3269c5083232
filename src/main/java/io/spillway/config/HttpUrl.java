package io.spillway.config;

import java.net.URI;

/** The address of InfluxDB. */
final class HttpUrl {
  static final String ALLOWED = "http://host:port or https://host:port";

  private HttpUrl() {}

  /** Without a slash at its end. */
  static URI parse(String text) throws Unusable {
    String allowed = ALLOWED + ", without user and parameters";
    URI url;
    try {
      url = Urls.parse(text.replaceFirst("/+$", ""), allowed);
    } catch (Unusable error) {
      throw new Unusable(null, error.allowed());
    }
    boolean http = url.getScheme().equals("http") || url.getScheme().equals("https");
    if (!http || url.getRawQuery() != null || url.getRawUserInfo() != null) {
      throw new Unusable(null, allowed);
    }
    return url;
  }
}
