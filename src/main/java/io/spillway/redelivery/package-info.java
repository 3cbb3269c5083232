/**
 * Is this message new? A broker may send a message again after it has been stored, and it may give
 * its packet identifier to another message with the same bytes: on the wire the two look alike
 * (MQTT 3.1.1 sections 2.3.1, 3.3.1.1 and 4.4). To take the second for the first is loss, to take
 * the first for the second is a duplicate. So a message is left out only where it can be nothing
 * but a repetition; where that cannot be decided it is stored, and counted.
 *
 * <p>All here is plain: no clock, no disk, no bus. {@link io.spillway.redelivery.SessionMemory} is
 * what outlives the process, {@link io.spillway.redelivery.ChunkJudge} decides by it, {@link
 * io.spillway.redelivery.UnderWay} watches the connections of one process. Every interleaving of a
 * broker and an edge, to some depth, is run against them in {@code RedeliveryEnumerationTest} and,
 * for QoS 2, {@code HandshakeEnumerationTest}. Why the rules are so: {@code
 * docs/adr/0020-redelivery.md}.
 */
package io.spillway.redelivery;
