package io.spillway.bus;

import io.spillway.bus.Channel.Reach;
import io.vertx.core.Vertx;

/** Every event-bus address of the system. */
public final class Channels {
  /** Server → store. The reply means: it is in the journal, on disk. */
  public static final Channel<StoreRequest, Stored> BATCH_STORE =
      new Channel<>("batch.store", Reach.LOCAL);

  /**
   * Store → live hubs of every host, once the records are on disk, in the order of their offsets.
   * Published; a lost copy is repaired from the journal.
   */
  public static final Channel<StoredBatch, Void> BATCH_STORED =
      new Channel<>("batch.stored", Reach.CLUSTER);

  /** Server, sinks → store. The reply brings stored records, from any offset still held. */
  public static final Channel<ReadRequest, Records> RECORDS_READ =
      new Channel<>("records.read", Reach.LOCAL);

  /**
   * Server → reader of the database. The reply brings consecutive records of a journal, as from the
   * store. Fails at once where too many ask, and with the reason where the database does not answer
   * in time: then the journal has to do. Nobody there where no database is configured.
   */
  public static final Channel<TableRequest, Records> RECORDS_QUERY =
      new Channel<>("records.query", Reach.LOCAL);

  /** Server → reader of the database. The reply brings the newest by time; fails as the above. */
  public static final Channel<NewestRequest, NewestRecords> NEWEST_QUERY =
      new Channel<>("newest.query", Reach.LOCAL);

  /** Every role → health. Published once a second; a lost one is repaired by the next. */
  public static final Channel<RoleState, Void> ROLE_STATE =
      new Channel<>("role.state", Reach.CLUSTER);

  private Channels() {}

  /**
   * Sources → the batcher of this edge. The reply means: every message of the chunk is on disk at
   * the edge, as a record, as a rejected message, or counted as dropped by the policy that the user
   * chose. A chunk may be stored in parts, as there is room, and may be sent again; what is stored
   * already is recognised by the chunk's id and by its {@linkplain Arrival#fingerprint
   * fingerprint}. One batcher answers.
   */
  public static Channel<Chunk, Boolean> readingIn(String edge) {
    return new Channel<>("reading.in." + edge, Reach.CLUSTER);
  }

  /**
   * Sources → the batcher of this edge, before each CONNECT. The reply is the number of the
   * connection, on disk; or 0, with nothing done: the broker is to be asked first for how long it
   * has been running, and then this once more.
   */
  public static Channel<Connecting, Integer> connecting(String edge) {
    return new Channel<>("connection.begin." + edge, Reach.CLUSTER);
  }

  /**
   * Batcher → the uplink of this edge. The reply means: the server has everything below its {@code
   * next} on its disk. It names what it answers, and counts for nothing else ({@link
   * Batch#isAnsweredBy}). A batch may be sent again; the server skips what it has. One uplink
   * answers.
   */
  public static Channel<Batch, Forwarded> batchForward(String edge) {
    return new Channel<>("batch.forward." + edge, Reach.CLUSTER);
  }

  /** Makes the bus know all bodies; once per Vert.x, before the first role is deployed. */
  public static void register(Vertx vertx) {
    RecordCodec.register(vertx, Chunk.class, Chunk::encode, Chunk::decode);
    RecordCodec.register(vertx, Connecting.class, Connecting::encode, Connecting::decode);
    RecordCodec.register(vertx, Batch.class, Batch::encode, Batch::decode);
    RecordCodec.register(vertx, Forwarded.class, Forwarded::encode, Forwarded::decode);
    RecordCodec.register(vertx, RoleState.class, RoleState::encode, RoleState::decode);
    RecordCodec.register(vertx, StoredBatch.class, StoredBatch::encode, StoredBatch::decode);
    RecordCodec.registerLocal(vertx, ReadRequest.class);
    RecordCodec.registerLocal(vertx, Records.class);
    RecordCodec.registerLocal(vertx, TableRequest.class);
    RecordCodec.registerLocal(vertx, NewestRequest.class);
    RecordCodec.registerLocal(vertx, NewestRecords.class);
    for (Class<?> request : StoreRequest.class.getPermittedSubclasses()) {
      RecordCodec.registerLocal(vertx, request);
    }
    RecordCodec.registerLocal(vertx, Stored.class);
  }
}
