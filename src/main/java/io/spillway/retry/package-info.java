/**
 * How every role behaves when the other side is away: exponential back-off with jitter, so that it
 * waits a little longer each time and a thousand edges do not come back in the same second, and a
 * log line when something stops and when it works again, never one per attempt. How long an outage
 * was is taken from the monotonic clock.
 */
package io.spillway.retry;
