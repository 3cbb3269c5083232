package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which servers an edge sends its records to. */
public enum UplinkMode {
  /**
   * One that acknowledges, or else a plain one, but nothing to a plain one of a spool that a server
   * has acknowledged before.
   */
  @JsonProperty("auto")
  AUTO,
  /** Only one that acknowledges. */
  @JsonProperty("acknowledged")
  ACKNOWLEDGED,
  /** Plain to any: it was chosen, whatever was before. */
  @JsonProperty("plain")
  PLAIN
}
