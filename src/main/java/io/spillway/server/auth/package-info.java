/**
 * Who may do what, and how many of them: the token of a request ({@link TokenAuthenticator}),
 * compared in constant time before anything else is looked at; the web page it comes from ({@link
 * Origins}); where it comes from ({@link ClientAddress}); and the limits on connections ({@link
 * ConnectionLimiter}). All that opens a WebSocket asks here, so that one count and one set of rules
 * hold for all kinds.
 */
package io.spillway.server.auth;
