/**
 * What is found when one hop of the way is looked at: well, worth a notice, failed, or not known.
 *
 * <p>A role looks at its own hops, as it alone knows how it connects and what helps; {@code doctor}
 * puts them in order. So every cure is written down once, and a hop is looked at by the code that
 * uses it. What is not known is never told as well.
 */
package io.spillway.hop;
