package io.spillway.message;

/**
 * An event as a message queue delivered it, whose body is to become records.
 *
 * @param body its bytes; nobody writes to the array afterwards
 * @param key routing key: the type of a record whose body has none
 * @param id unique for ever; the same when the event comes again
 * @param sentAtMs when its producer sent it, in milliseconds since 1970: the {@code timestamp} of a
 *     record whose body has none
 * @param receivedAtMs time of arrival here, in milliseconds since 1970
 */
public record Event(byte[] body, String key, String id, long sentAtMs, long receivedAtMs) {}
