package io.spillway.sink;

/** What a sink does. */
enum SinkState {
  /** For the moment of the next attempt to open. */
  WAITING,
  /** Asks the journal and the database where they are; a migration may take an hour. */
  OPENING,
  /** Reads the journal and writes to the database. */
  WRITING,
  /** Something has failed: first the outcome of all that is under way. */
  SETTLING,
  /** Halves a batch that was refused. */
  DIVIDING,
  /** Lets go of the connection. */
  CLOSING
}
