/**
 * Subcommands of the jar that work beside a running system: they read what it has written and
 * change nothing.
 *
 * <p>{@link io.spillway.tools.Verify} proves the ledger from the journals alone. It therefore
 * shares no code with the journal that it checks: a fault in the writer must not be repeated in the
 * proof.
 */
package io.spillway.tools;
