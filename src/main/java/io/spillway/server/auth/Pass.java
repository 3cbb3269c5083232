package io.spillway.server.auth;

import io.spillway.config.TokenConfig;

/**
 * What a request may do, and by which token.
 *
 * @param token the token that was presented; null if there was none, or an unknown one
 */
public record Pass(TokenConfig token, boolean maySend, boolean mayRead) {
  /** For an unknown token. */
  static final Pass NONE = new Pass(null, false, false);

  /**
   * Whether nothing was presented and all rights come from where the request comes from: any page
   * in a browser on this machine has them too, so its origin counts.
   */
  public boolean isAmbient() {
    return token == null;
  }

  /** The same, for sending alone: revoked with the right to send. */
  public Pass forSending() {
    return new Pass(token, maySend, false);
  }

  /** The same, for reading alone: revoked with the right to read. */
  public Pass forReading() {
    return new Pass(token, false, mayRead);
  }
}
