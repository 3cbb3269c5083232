package io.spillway.config;

/** How long a time one partition of a table holds. */
public enum PartitionBy {
  DAY,
  MONTH
}
