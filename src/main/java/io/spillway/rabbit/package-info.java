/**
 * Consumes a RabbitMQ queue into the server's journal. A message is acknowledged to the broker when
 * the journal has it on disk, in order, several at a time; what the store cannot take is held and
 * tried again, and nothing beyond {@code prefetch} messages and a bound in bytes is in memory.
 *
 * <p>After a crash between disk and acknowledgement the broker delivers again. What producers have
 * given a {@code messageId} is then recognised, because the journal itself says which ids are
 * there: its tail is read before the first message is asked for. Without {@code messageId} it is
 * stored at least once.
 *
 * <p>The Java client has a thread of its own for each connection and blocks; whatever blocks is
 * done on worker threads, and what comes is handed to the role's event loop in one place, {@link
 * io.spillway.rabbit.RabbitLink}.
 */
package io.spillway.rabbit;
