package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the edge does with a new reading while its spool is full. */
public enum WhenFull {
  /** Stop acknowledging: the broker keeps the messages. */
  @JsonProperty("block")
  BLOCK,
  /** Make room by deleting the oldest unsent records, and count them. */
  @JsonProperty("dropOldest")
  DROP_OLDEST,
  /** Leave the spool as it is and count the new reading as dropped. */
  @JsonProperty("dropNewest")
  DROP_NEWEST
}
