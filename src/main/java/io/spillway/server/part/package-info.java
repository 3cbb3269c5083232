/** What the parts of the server have in common in how they read a request and answer it. */
package io.spillway.server.part;
