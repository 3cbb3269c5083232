/**
 * {@code make bench}: what a message costs and how fast it goes, on this machine, now.
 *
 * <p>Machines differ and are noisy, so every figure stands beside the same figure of something
 * else, taken by turns in the same run: the documented Node scripts with their limits lifted, and
 * {@code mosquitto_sub > file}, which is the least that anything can do. Every figure is the median
 * of several rounds, each after a warm-up. CPU is user and system time of the process.
 *
 * <p>The live hub stands beside a broadcaster of npm {@code ws}, in the plain form and with its
 * writes joined by hand; both servers get the same publisher and the same crowd of clients.
 */
package io.spillway.bench;
