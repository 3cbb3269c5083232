package io.spillway.tools;

/**
 * What the files of a server and of an edge say about the sequence numbers of one epoch.
 *
 * @param stored in the server's journal
 * @param inSpool in the edge's spool, readable
 * @param setAside in a {@code rejected.ndjson} of either side
 * @param dropped by a policy, as the edge noted
 * @param given the lowest number that was not given out, as far as anything shows
 * @param mark the lowest number that the server has not stored or gone over, as it noted
 * @param acknowledged below it the server has everything, as the edge noted
 * @param droppedFrom the edge has noted every drop from this number on; {@link Long#MAX_VALUE} if
 *     none
 * @param certainFrom below it there were too many gaps to remember them
 * @param head how far the journal reaches back
 * @param kept the lowest number in the journal that retention has not taken out; the mark if there
 *     is none
 * @param claimed in the journal, of a plain client that says that they are these: in plain mode an
 *     edge is one, and so may be anybody
 */
record EpochEvidence(
    Numbers stored,
    Numbers inSpool,
    Numbers setAside,
    Numbers dropped,
    long given,
    long mark,
    long acknowledged,
    long droppedFrom,
    long certainFrom,
    Head head,
    long kept,
    Numbers claimed) {
  /** Where nothing is claimed, and nothing is left of what was deleted. */
  EpochEvidence(
      Numbers stored,
      Numbers inSpool,
      Numbers setAside,
      Numbers dropped,
      long given,
      long mark,
      long acknowledged,
      long droppedFrom,
      long certainFrom,
      Head head) {
    this(
        stored,
        inSpool,
        setAside,
        dropped,
        given,
        mark,
        acknowledged,
        droppedFrom,
        certainFrom,
        head,
        stored.first(mark),
        Numbers.NONE);
  }
}
