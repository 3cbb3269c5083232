/**
 * How roles talk to each other. {@link io.spillway.bus.Channels} is the one table of event-bus
 * addresses; "find usages" on a constant shows who is at either end.
 *
 * <p>The bus has no back-pressure and may lose messages. So what must not be lost is a request
 * whose reply means <em>done</em>, with a bounded number outstanding, repeated until it is
 * answered, and made so that the repetition does no harm. Bodies are immutable: inside one JVM the
 * reference is passed, between hosts {@link io.spillway.bus.RecordCodec} writes bytes.
 */
package io.spillway.bus;
