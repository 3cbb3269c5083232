/**
 * {@code make chaos}: a real broker, edges, a server behind nginx and readers that come back, under
 * faults of every kind at once, and then a judge who has the publishers' own books.
 *
 * <p>{@code Schedule} draws from a seed what happens when; {@code World} is what it happens to;
 * {@code ChaosFault} says how. When all is mended {@code ChaosJudge} holds the product to each of
 * its promises: what was acknowledged is stored once and in order, what is stored was sent, readers
 * saw all of it once, {@code verify} and {@code /health} agree, and fresh messages come through.
 */
package io.spillway.chaos;
