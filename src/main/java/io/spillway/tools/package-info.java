/**
 * Subcommands of the jar that work beside a running system: they read what it has written and
 * change nothing.
 *
 * <p>{@link io.spillway.tools.Verify} proves the ledger from the files alone. It therefore shares
 * no code with the journal, the spool and the marks that it checks: a fault in the writer must not
 * be repeated in the proof. What {@link io.spillway.tools.EpochProof} decides of the numbers is
 * plain sets; what is read of the files comes to it in a {@link io.spillway.tools.LedgerBook}.
 */
package io.spillway.tools;
