/**
 * {@code doctor}: looks at every hop of the way that a configuration describes, in the order in
 * which a message takes it, and says of each that it is well, or what to do about it.
 *
 * <p>What is at a hop, and what helps, is known to the role whose hop it is; here are the order,
 * the limits of time and the words of the whole. It is put together of all roles, as the process
 * itself is, and no role knows of it. It works beside what runs: nothing that a process has open is
 * changed, no session of a broker is taken over, and no server is told of an edge.
 */
package io.spillway.doctor;
