/**
 * A disk that forgets: a file system below {@code journal/Disk} in which, when the power is cut,
 * what was not synced is there or not, each write and each name by itself. The product runs on it
 * unchanged, as it is given paths of it.
 *
 * <p>{@link io.spillway.disk.ForgettingDisk} records what is done, {@link
 * io.spillway.disk.PowerCut} says what may be left of it, and {@link io.spillway.disk.Cuts} has a
 * {@link io.spillway.disk.Life} go on with that.
 */
package io.spillway.disk;
