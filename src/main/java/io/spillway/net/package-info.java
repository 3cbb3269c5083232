/**
 * Names and addresses: which addresses a host to listen on means, and how a client gets through to
 * a host that has several, IPv4 and IPv6, and still knows it by its name.
 */
package io.spillway.net;
