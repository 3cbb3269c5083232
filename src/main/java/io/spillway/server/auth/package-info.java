/** Who may do what: tokens, compared in constant time, before anything else is looked at. */
package io.spillway.server.auth;
