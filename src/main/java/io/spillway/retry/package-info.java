/**
 * How every role behaves when the other side is away: it waits a little longer each time, with some
 * chance in it so that a thousand edges do not come back in the same second, and it logs when
 * something stops and when it works again, never a line per attempt.
 */
package io.spillway.retry;
