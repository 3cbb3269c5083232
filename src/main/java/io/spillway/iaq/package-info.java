/**
 * What the air means. {@link io.spillway.iaq.Completion} makes every measurement of indoor air the
 * documented message with its {@code global_score} on its way into the journal; {@link
 * io.spillway.iaq.IaqProcessor} goes through the journal and writes alerts, actions, module states
 * and predictions back into it, where the live hub and everybody else find them like any record.
 *
 * <p>A measurement stays one record: what a page, a replay and a database see is the same, once.
 * What follows from it is written once, too, through {@code kill -9}: its identity is made of the
 * measurement's offset, and {@code Engine} says the same again when it looks at the same
 * measurements again. All thinking is in plain classes that know neither Vert.x nor a clock; all of
 * it is bounded. Shapes, thresholds and their sources: docs/iaq.md.
 */
package io.spillway.iaq;
