/** What the server tells about itself over HTTP: that it answers, how it is, what it counts. */
package io.spillway.server.api;
