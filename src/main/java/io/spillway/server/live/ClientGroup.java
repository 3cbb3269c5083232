package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.spillway.server.records.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Clients with the same selection: whatever one gets, all get, so it is put together once. Collects
 * which parts of the hub's block they get.
 */
final class ClientGroup {
  final Selection selection;
  final List<LiveClient> members = new ArrayList<>(1);

  /** Parts of the block: from, to, from, to …; neighbours are one. */
  private int[] parts = new int[2];

  private int ends;
  private int bytes;
  private int frames;
  private long lastOffset;

  ClientGroup(Selection selection) {
    this.selection = selection;
  }

  /** Adds a member; its place is told to it, so that it can be taken out at once. */
  void add(LiveClient client) {
    client.place = members.size();
    members.add(client);
  }

  /** Takes a member out. */
  void remove(LiveClient client) {
    LiveClient last = members.remove(members.size() - 1);
    if (last != client) {
      members.set(client.place, last);
      last.place = client.place;
    }
  }

  /** Whether the record with this number is already taken, by another of the topics. */
  boolean took(long number) {
    boolean took = lastOffset == number;
    lastOffset = number;
    return took;
  }

  /** Its members get the frame {@code block[from, to)}. */
  void take(int from, int to) {
    frames++;
    bytes += to - from;
    if (ends > 0 && parts[ends - 1] == from) {
      parts[ends - 1] = to;
      return;
    }
    if (ends == parts.length) {
      parts = Arrays.copyOf(parts, ends * 2);
    }
    parts[ends++] = from;
    parts[ends++] = to;
  }

  /** How many frames each member gets of the block. */
  int frames() {
    return frames;
  }

  /**
   * What each member gets of the block, which the caller releases: the block itself if that is all
   * of it, else a copy, so that a client that reads slowly does not keep what it never gets.
   */
  ByteBuf cut(ByteBuf block) {
    if (bytes == block.readableBytes()) {
      return block.retainedDuplicate();
    }
    ByteBuf out = block.alloc().directBuffer(bytes);
    for (int i = 0; i < ends; i += 2) {
      out.writeBytes(block, parts[i], parts[i + 1] - parts[i]);
    }
    return out;
  }

  /** Ready for the next block. */
  void reset() {
    ends = 0;
    bytes = 0;
    frames = 0;
    if (parts.length > 64) {
      parts = new int[2];
    }
  }
}
