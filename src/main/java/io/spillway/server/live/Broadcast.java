package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends records to the clients that have chosen them. Each record is encoded once, into a block;
 * groups of clients with the same selection note which parts of it they get; then each client is
 * sent its parts in one write. How often that is done depends on how long it takes, see {@link
 * SendPacer}.
 */
final class Broadcast {
  /** Bytes of a block that is sent without waiting for more. */
  private static final int BLOCK_BYTES_MAX = 256 << 10;

  private static final int BLOCK_BYTES_FIRST = 16 << 10;

  /** Sending takes at most a quarter of the event loop's time, unless a rest were to be long. */
  private static final int REST_PER_SENDING = 3;

  private static final long REST_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Told of a client for which there is no room. */
  interface Overflow {
    /**
     * The client has left its group, and has not been sent the records from {@code offset} on; 0:
     * none of this journal.
     */
    void full(LiveClient client, long offset);
  }

  private final EventLoop loop;
  private final TimeSource time;
  private final ByteBufAllocator memory = PooledByteBufAllocator.DEFAULT;
  private final LiveMetrics metrics;
  private final Overflow overflow;
  private final Map<Selection, ClientGroup> groups = new HashMap<>();
  private final GroupIndex index = new GroupIndex();
  private final List<ClientGroup> touched = new ArrayList<>();
  private final SendPacer pacer = new SendPacer(REST_PER_SENDING, REST_MAX_NANOS);

  private ByteBuf block;
  private long firstInBlock;
  private boolean due;
  private long clientBytesMax;

  /** Numbers the records, and so tells whether one has been encoded or taken already. */
  private long number;

  private RecordView record;
  private long encoded;
  private int encodedFrom;

  Broadcast(
      EventLoop loop,
      LiveMetrics metrics,
      long clientBytesMax,
      Overflow overflow,
      TimeSource time) {
    this.loop = loop;
    this.time = time;
    this.metrics = metrics;
    this.clientBytesMax = clientBytesMax;
    this.overflow = overflow;
  }

  /**
   * Has Netty load its classes and reserve the memory of blocks, some 20 ms that the first record
   * of all would wait for else.
   */
  void warmUp() {
    ByteBuf first = memory.directBuffer(BLOCK_BYTES_FIRST);
    first.retainedDuplicate().release();
    first.release();
  }

  /** Most that may wait for a client, from now on. */
  void clientBytesMax(long bytes) {
    clientBytesMax = bytes;
  }

  /** Most that may wait for a client. */
  long clientBytesMax() {
    return clientBytesMax;
  }

  /** The client gets every record of its selection that is added from now on. */
  void join(LiveClient client) {
    send(); // what is in the block was added before
    client.group = groups.computeIfAbsent(client.state.selection(), this::newGroup);
    client.group.add(client);
    client.state.joined(client.group.selection);
  }

  /** The client gets no more. */
  void leave(LiveClient client) {
    ClientGroup group = client.group;
    if (group != null) {
      client.group = null;
      group.remove(client);
      if (group.members.isEmpty()) {
        groups.remove(group.selection);
        index.remove(group);
      }
    }
  }

  /** The groups, by what they have chosen. */
  Iterable<ClientGroup> groups() {
    return groups.values();
  }

  /** Takes up a record for all who have chosen it. */
  void add(RecordView added) {
    record = added;
    number++;
    index.match(added, this::take);
  }

  /** Sends what has been added, at once or after a rest. */
  void sendSoon() {
    if (block == null) {
      return;
    }
    if (block.readableBytes() >= BLOCK_BYTES_MAX) {
      send();
    } else if (!due) {
      due = true;
      long rest = pacer.restNanos(time.nanoTime());
      if (rest <= 0) {
        loop.execute(this::sendDue); // behind what has come meanwhile
      } else {
        ScheduledFuture<?> unused = loop.schedule(this::sendDue, rest, TimeUnit.NANOSECONDS);
      }
    }
  }

  private ClientGroup newGroup(Selection selection) {
    ClientGroup group = new ClientGroup(selection);
    index.add(group);
    return group;
  }

  private void take(ClientGroup group) {
    if (group.took(number)) {
      return;
    }
    if (encoded != number) {
      encoded = number;
      encode();
    }
    if (group.frames() == 0) {
      touched.add(group);
    }
    group.take(encodedFrom, block.writerIndex());
  }

  private void encode() {
    int length = record.length();
    if (block == null) {
      block = memory.directBuffer(Math.max(BLOCK_BYTES_FIRST, length + WebSocketFrames.HEADER_MAX));
      firstInBlock = 0;
    }
    if (firstInBlock == 0) {
      firstInBlock = record.offset();
    }
    encodedFrom = block.writerIndex();
    WebSocketFrames.textHeader(block, length);
    record.writeTo(block);
  }

  private void sendDue() {
    due = false;
    send();
  }

  /** Sends what has been added, now. */
  void send() {
    if (block == null) {
      return;
    }
    long start = time.nanoTime();
    ByteBuf sending = fitted(block);
    block = null;
    List<LiveClient> full = new ArrayList<>(0);
    try {
      touched.forEach(group -> send(group, sending, full));
    } finally { // or the next block would be cut at the places of this one
      touched.forEach(ClientGroup::reset);
      touched.clear();
      sending.release();
    }
    for (LiveClient client : full) {
      leave(client);
      overflow.full(client, firstInBlock);
    }
    pacer.worked(start, time.nanoTime());
  }

  /** What waits for slow clients must not hold much more memory than it has bytes. */
  private ByteBuf fitted(ByteBuf filled) {
    int bytes = filled.readableBytes();
    if (bytes > filled.capacity() / 2) {
      return filled;
    }
    ByteBuf fitted = memory.directBuffer(bytes).writeBytes(filled);
    filled.release();
    return fitted;
  }

  private void send(ClientGroup group, ByteBuf sending, List<LiveClient> full) {
    ByteBuf part = group.cut(sending);
    int bytes = part.readableBytes();
    int sent = 0;
    // Backwards: a write that fails closes the client, and takes it out of the list.
    for (int i = group.members.size() - 1; i >= 0; i--) {
      LiveClient client = group.members.get(i);
      long waiting = client.waitingBytes();
      if (waiting > 0 && waiting + bytes > clientBytesMax) {
        full.add(client);
      } else {
        client.send(part.retainedDuplicate());
        sent++;
      }
    }
    part.release();
    metrics.delivered((long) sent * group.frames(), (long) sent * bytes);
  }
}
