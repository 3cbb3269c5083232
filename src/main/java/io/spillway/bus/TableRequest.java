package io.spillway.bus;

/**
 * Asks the database for records of one journal, as {@link ReadRequest} asks the store.
 *
 * @param journal any one, see {@link StoredBatch}
 */
public record TableRequest(String journal, ReadRequest range) {}
