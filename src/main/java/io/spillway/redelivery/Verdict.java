package io.spillway.redelivery;

/** What a message is that a broker has sent. */
public enum Verdict {
  /** Certainly not stored yet. */
  NEW,
  /** Certainly stored. */
  KNOWN,
  /** One of the two: it is stored, perhaps once more, and counted. */
  DOUBTFUL
}
