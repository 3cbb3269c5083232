package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the edge does with an MQTT payload that is one bare value, such as {@code 22.38}. */
public enum Scalars {
  /** Keeps it aside, as everything that is no record. */
  @JsonProperty("reject")
  REJECT,
  /** Makes {@code {"value":22.38}} of it, and a JSON string of text that is no JSON. */
  @JsonProperty("wrap")
  WRAP
}
