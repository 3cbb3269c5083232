package io.spillway.server.live;

import io.netty.buffer.ByteBuf;
import io.spillway.bus.Records;
import io.spillway.message.Lines;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;

/** One client on its way through the journal, from an offset to where live begins. */
final class Replay {
  final LiveClient client;
  private final Selection wanted;
  private final Coverage had;
  private final long hadBelow;
  private final boolean asked;
  private final long begunNanos;
  private long position;

  /**
   * @param from the first offset to read
   * @param wanted what of the records below {@code hadBelow} it asked for; later ones are chosen by
   *     all that it has subscribed to
   * @param had what the client has been given already of the records below {@code hadBelow}
   * @param asked the client wants history; else it only reads slowly
   */
  private Replay(
      LiveClient client,
      long from,
      Selection wanted,
      Coverage had,
      long hadBelow,
      boolean asked,
      long nowNanos) {
    this.client = client;
    this.begunNanos = nowNanos;
    this.position = from;
    this.wanted = wanted;
    this.had = had;
    this.hadBelow = hadBelow;
    this.asked = asked;
  }

  /** History, as the client asked for; it has had some of it live. */
  static Replay asked(LiveClient client, ClientState.History history, long nowNanos) {
    return new Replay(
        client, history.from(), history.topics(), history.had(), history.below(), true, nowNanos);
  }

  /** What there was no room for in the client's queue. */
  static Replay behind(LiveClient client, long from, long nowNanos) {
    return new Replay(client, from, Selection.NONE, Coverage.NONE, 0, false, nowNanos);
  }

  /** The next offset to read. */
  long position() {
    return position;
  }

  /** True if the client did not ask for it, and has not caught up for longer than the limit. */
  boolean lags(long nowNanos, long limitNanos) {
    return !asked && nowNanos - begunNanos > limitNanos;
  }

  /**
   * Moves on over {@code records}, but not beyond {@code end}.
   *
   * @return the frames of those that the client gets, or null if there is none; {@code counted} is
   *     how many
   */
  Frameset pass(Records records, long end, RecordView view) {
    LiveMessages.Gap gap = null;
    if (records.first() > position) {
      long reached = Math.min(records.first(), end);
      gap = new LiveMessages.Gap(position, reached);
      position = reached;
    }
    Lines lines = records.lines();
    ByteBuf out = null;
    int count = 0;
    int lineEnd;
    for (int at = lines.from(); at < lines.to() && position < end; at = lineEnd, position++) {
      lineEnd = lines.endOfLine(at);
      if (view.look(lines.array(), at, lineEnd - 1, position) && wanted(view)) {
        int length = view.length();
        if (out == null) {
          int most = Math.max(lines.to() - at, length) + WebSocketFrames.HEADER_MAX;
          out = client.context().alloc().directBuffer(Math.min(most, 64 << 10));
        }
        WebSocketFrames.textHeader(out, length);
        view.writeTo(out);
        count++;
      }
    }
    return new Frameset(out, count, gap);
  }

  private boolean wanted(RecordView view) {
    if (position >= hadBelow) {
      return view.isIn(client.state.selection());
    }
    return view.isIn(wanted) && !had.has(view, position);
  }

  /**
   * What a step of a replay gives.
   *
   * @param frames null if there is none
   * @param gap offsets that are not there any more, or null
   */
  record Frameset(ByteBuf frames, int count, LiveMessages.Gap gap) {}
}
