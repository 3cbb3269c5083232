package io.spillway.config;

/** How a line of the log is written. */
public enum LogFormat {
  /** For people: time, level and text. */
  TEXT,
  /** For programs that collect logs: an object a line. */
  JSON
}
