package io.spillway.server.auth;

import io.spillway.config.TokenConfig;

/**
 * What a request may do, and by which token.
 *
 * @param token the token that was presented; null if there was none, or an unknown one
 */
public record Grant(TokenConfig token, boolean maySend, boolean mayRead) {
  /** For an unknown token. */
  static final Grant NONE = new Grant(null, false, false);

  /**
   * Whether nothing was presented and all rights come from where the request comes from: any page
   * in a browser on this machine has them too, so its origin counts.
   */
  public boolean isAmbient() {
    return token == null;
  }

  /** The same, for sending alone: revoked with the right to send. */
  public Grant forSending() {
    return new Grant(token, maySend, false);
  }

  /** The same, for reading alone: revoked with the right to read. */
  public Grant forReading() {
    return new Grant(token, false, mayRead);
  }
}
