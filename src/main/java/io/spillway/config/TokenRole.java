package io.spillway.config;

/** The one door a token opens. */
public enum TokenRole {
  /** Write: the edges' WebSocket and {@code POST /api/ingest}. */
  INGEST,
  /** Read: the live WebSocket, the API and the pages. */
  LIVE
}
