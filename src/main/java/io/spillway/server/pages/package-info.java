/**
 * The pages, their scripts and styles: what the folder {@code webroot} on the class path holds.
 *
 * <p>All of it is read once, at the start, and served from memory. What a request asks for is only
 * ever looked up by name, so no path can lead out of the folder, and nothing waits for a disk. What
 * they may load and whom they may connect to, a policy says that goes with every file: this server,
 * and one broker if it is configured. The pages hold no data and need no token; what they show,
 * they fetch with the reader's.
 */
package io.spillway.server.pages;
