/**
 * Receives MQTT messages and hands them to the batcher; acknowledges each to the broker when it is
 * in the spool, in order of receipt (MQTT 3.1.1 section 4.6); at QoS 2 the release of it likewise
 * (section 4.3.3).
 *
 * <p>Reading from the broker never waits for the uplink. The connection, {@link
 * io.spillway.source.BrokerConnection}, is our own, of Netty's MQTT codec on a Vert.x socket: the
 * client of vertx-mqtt 5.0.8 can neither stop reading, nor survive a message over the limit, nor
 * acknowledge many messages in one write, and all three decide here whether messages are lost, or
 * the broker is slowed down. The figures are in {@code docs/adr/0003-own-mqtt-connection.md}.
 */
package io.spillway.source;
