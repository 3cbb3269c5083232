/**
 * Carries what the server stores into databases. A sink is a cursor of the journal with a position
 * of its own: it reads batches from where it stands, writes them, and moves only when the database
 * has committed. A database that is away costs nothing but time: the journal is what is caught up
 * from, compressed or not, as far back as retention goes.
 *
 * <p>PostgreSQL keeps the position itself, changed in the same statement as the rows are added and
 * only from the value that the sink believes in. So whatever dies when, each record is in the table
 * once, and two processes that take themselves for the same sink cannot mix.
 *
 * <p>A record that the database refuses is found by halving its batch, kept in {@code
 * sinks/<name>/rejected.ndjson} beside the journal, and counted; the rest goes on. What cannot be
 * mended by leaving records out is an outage: said once, tried again with growing waits.
 *
 * <p>{@link io.spillway.sink.PostgresReader} answers from the table what the server is asked and
 * the journal has no more. It only reads, and what fails there is never the sink's trouble.
 */
package io.spillway.sink;
