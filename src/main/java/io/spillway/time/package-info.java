/**
 * The two clocks of the process, as a parameter. What decides is given a {@link
 * io.spillway.time.TimeSource}, or the time itself; only {@link io.spillway.time.TimeSource#SYSTEM}
 * reads the machine's clocks. So a test can let an hour pass, and set the wall clock back, without
 * waiting.
 */
package io.spillway.time;
