/**
 * What {@code make run} needs beside the product itself: a real MQTT broker inside the process,
 * weather stations, rooms and a booking desk that publish to it, and the line that shows what
 * flows.
 *
 * <p>The broker is ActiveMQ Artemis with its MQTT protocol: 3.1.1 and 5, retained messages, offline
 * queues, shared subscriptions, and MQTT over WebSocket on the same port. It keeps nothing over a
 * restart, asks for no password and listens on loopback only: it is for a demonstration, not a
 * place for data. It does not mark a redelivery as such, so towards this broker the promise is at
 * least once.
 *
 * <p>All of them are invented, but repeatable: the same seed gives the same weather and the same
 * air.
 */
package io.spillway.demo;
