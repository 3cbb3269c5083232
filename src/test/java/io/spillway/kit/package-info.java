/**
 * The real world, for tests: brokers, proxies, Node scripts and Spillway itself as processes on
 * free loopback ports, and the accounts that tell what was lost on the way.
 *
 * <p>Black box: nothing here knows a class of the product. A test owns one {@link
 * io.spillway.kit.Site}; whatever it starts through it is ended after the test, also when that
 * fails, and nothing else on the machine is touched. Tests wait for events with a generous limit,
 * never for the clock.
 */
package io.spillway.kit;
