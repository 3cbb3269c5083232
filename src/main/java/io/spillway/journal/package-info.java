/**
 * The journal: a directory of NDJSON segments with offsets, and cursors that read it. The edge's
 * spool and the server's data directory are both one of these.
 *
 * <pre>
 *   append ─▶ AppendQueue ─▶ Writer ─▶ ActiveSegment  name.ndjson          one write, one fdatasync
 *                        │ full or old                                     for all that waited
 *                        ▼
 *                   Retention ─▶ closed segments      name-&lt;first&gt;.ndjson  ─▶ Compressor ─▶ .gz
 *                        │ released or expired
 *                        ▼                            Cursor ◀─ Segments (what exists right now)
 *                      deleted
 * </pre>
 *
 * <p>An append succeeds when its bytes are on the disk. An offset is the number of a record, from
 * 1, never used twice, whatever is deleted. Opening never refuses damaged files: a torn tail is
 * cut, anything else unreadable is moved to {@code quarantine/} and counted. Everything but the
 * bytes of the records themselves is bounded: memory holds only the list of segments.
 *
 * <p>It is files of text, not a database, so that {@code tail -f}, {@code jq} and DuckDB read it.
 */
package io.spillway.journal;
