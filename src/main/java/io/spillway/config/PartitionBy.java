package io.spillway.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How long a time one partition of a table holds. */
public enum PartitionBy {
  @JsonProperty("month")
  MONTH,
  @JsonProperty("day")
  DAY
}
