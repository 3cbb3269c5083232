/**
 * MQTT over WebSocket through the server's one port: {@code GET /mqtt} (MQTT 3.1.1 section 6).
 *
 * <p>What a browser sends goes to the broker and the other way round, byte for byte, with one
 * connection to the broker for each WebSocket: sessions, QoS, retained messages and credentials are
 * between the browser and the broker. On the way packets are read as far as the topic rules need
 * it: a will and a PUBLISH that no rule covers do not reach the broker, a SUBSCRIBE reaches it
 * without the filters that no rule covers, and the browser is told in the way its version of MQTT
 * has for that.
 *
 * <p>Neither side is read faster than the other takes it. The packet reader is our own: Netty's
 * decoder keeps the protocol version in a channel, takes malformed text for other text, and would
 * have every packet encoded anew; here the bytes that were judged are those that are passed on.
 */
package io.spillway.server.mqtt;
