package io.spillway.server.mqtt;

import io.spillway.wire.CloseCode;

/** Why a connection cannot go on. */
final class Violation extends Exception {
  private static final long serialVersionUID = 1L;
  private final CloseCode code;

  /**
   * @param reason for the browser; cut to what fits into a close frame
   */
  Violation(CloseCode code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /** Bytes that are no MQTT, or packets that must not come here. */
  static Violation malformed(String what) {
    return new Violation(CloseCode.PROTOCOL, "not MQTT: " + what);
  }

  CloseCode code() {
    return code;
  }
}
