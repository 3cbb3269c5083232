package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The one door a token opens. */
public enum TokenRole {
  /** Write: the edges' WebSocket and {@code POST /api/ingest}. */
  @JsonProperty("ingest")
  INGEST,
  /** Read: the live WebSocket, the API and the pages. */
  @JsonProperty("live")
  LIVE
}
