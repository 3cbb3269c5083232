package io.spillway.server.live;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.server.live.Command.Data;
import io.spillway.server.live.Command.Ping;
import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.live.Command.Unsubscribe;
import io.spillway.server.live.LiveClient.State;
import io.spillway.server.records.Selection;
import io.spillway.wire.CloseCode;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;

/** Does what clients ask for: what they get, and from where on. */
final class Subscriptions {
  /** Commands that may wait while a client catches up. */
  private static final int COMMANDS_WAITING_MAX = 32;

  /** Beyond this many full queues, answers are not put on top of what waits. */
  private static final int ANSWERS_ON_TOP = 2;

  private final Vertx vertx;
  private final Hub hub;
  private final Broadcast broadcast;
  private final Replays replays;
  private final OpenIngest openIngest;
  private final LiveMetrics metrics;

  Subscriptions(
      Vertx vertx,
      Hub hub,
      Broadcast broadcast,
      Replays replays,
      OpenIngest openIngest,
      LiveMetrics metrics) {
    this.vertx = vertx;
    this.hub = hub;
    this.broadcast = broadcast;
    this.replays = replays;
    this.openIngest = openIngest;
    this.metrics = metrics;
  }

  /** A client has come; it gets everything, or what it asked for, which may be null. */
  void begin(LiveClient client, Subscribe wanted) {
    if (wanted == null) {
      client.covered = Coverage.NONE.with(Selection.ALL, hub.next());
    } else {
      client.selection = Selection.NONE;
    }
    broadcast.join(client);
    if (wanted != null) {
      subscribe(client, wanted);
    }
  }

  /** A message has come. */
  void message(LiveClient client, byte[] bytes) {
    Command command = Command.parse(bytes);
    if (command instanceof Data && client.admittance.grant().maySend()) {
      if (!client.chosen) {
        client.covered = Coverage.NONE;
        choose(client, Selection.NONE); // it came to send, and did not ask for anything
      }
      openIngest.store(client, bytes);
      return;
    }
    String problem = Command.problem(command);
    metrics.command(problem == null);
    if (problem != null) {
      answer(client, Messages.error(problem));
    } else {
      perform(client, command);
    }
  }

  private void perform(LiveClient client, Command command) {
    if (command instanceof Ping) {
      answer(client, Messages.pong());
    } else if (client.state == State.REPLAYING) {
      wait(client, command);
    } else if (command instanceof Unsubscribe unsubscribe) {
      choose(client, client.selection.without(unsubscribe.topics()));
      client.covered = client.covered.without(unsubscribe.topics());
      answer(client, Messages.unsubscribed(unsubscribe.topics()));
    } else if (command instanceof Subscribe subscribe) {
      subscribe(client, subscribe);
    }
  }

  /** Until it has caught up: what it gets then depends on where it is. */
  private void wait(LiveClient client, Command command) {
    if (client.commands == null) {
      client.commands = new ArrayDeque<>(2);
    }
    if (client.commands.size() < COMMANDS_WAITING_MAX) {
      client.commands.add(command);
    } else {
      answer(client, Messages.error("a replay is under way, and too many commands wait for it"));
    }
  }

  private void subscribe(LiveClient client, Subscribe wanted) {
    Selection sum =
        client.chosen ? client.selection.with(wanted.topics()) : Selection.of(wanted.topics());
    if (sum.topics().size() > Selection.TOPICS_MAX) {
      answer(client, Messages.error("at most " + Selection.TOPICS_MAX + " topics"));
      return;
    }
    if (wanted.since() == 0) {
      Coverage before = client.chosen ? client.covered : Coverage.NONE;
      choose(client, sum);
      client.covered = before.with(Selection.of(wanted.topics()), hub.next());
      client.chosen = true;
      answer(client, Messages.subscribed(wanted.topics(), hub.next(), null, false));
      return;
    }
    broadcast.send();
    if (client.state != State.LIVE) { // there was no room for it: first this
      wait(client, wanted);
      return;
    }
    broadcast.leave(client);
    Coverage before = client.chosen ? client.covered : Coverage.NONE;
    client.chosen = true;
    client.selection = sum;
    client.state = State.REPLAYING;
    long below = hub.next();
    Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .onSuccess(journal -> replay(client, wanted, journal, before, below))
        .onFailure(error -> client.close(CloseCode.TRY_LATER, "cannot read the journal now"));
  }

  /** From the offset wanted, or from where the journal begins, to {@code below} and then live. */
  private void replay(
      LiveClient client, Subscribe wanted, Records journal, Coverage before, long below) {
    if (client.state != State.REPLAYING) {
      return;
    }
    long since = wanted.since();
    long oldest = Math.min(journal.oldest(), below);
    boolean reset = since > journal.end();
    Messages.Gap gap = since < oldest ? new Messages.Gap(since, oldest) : null;
    long from = reset ? below : Math.max(since, oldest);
    Selection topics = Selection.of(wanted.topics());
    Replay replay = Replay.asked(client, from, topics, client.covered, below);
    client.covered = before.with(topics, from);
    answer(client, Messages.subscribed(wanted.topics(), reset ? from : hub.next(), gap, reset));
    replays.start(replay);
  }

  /** From now on the client gets this. */
  private void choose(LiveClient client, Selection selection) {
    broadcast.send();
    client.selection = selection;
    if (client.state == State.LIVE) {
      broadcast.leave(client);
      broadcast.join(client);
    }
  }

  /** There is always room for an answer, up to a point. */
  private void answer(LiveClient client, String text) {
    if (client.waitingBytes() > ANSWERS_ON_TOP * broadcast.clientBytesMax()) {
      client.tooSlow("does not read the answers");
    } else {
      client.send(text);
    }
  }

  /** A client's queue is full: it goes on from the journal, if it reads at all. */
  void full(LiveClient client, long offset) {
    if (client.state != State.LIVE) {
      return;
    }
    if (client.stands(System.nanoTime())) {
      client.tooSlow("does not read");
    } else {
      metrics.fellBehind();
      replays.start(Replay.behind(client, offset == 0 ? hub.next() : offset));
    }
  }

  /** It has caught up: now what it has asked for meanwhile. */
  void live(LiveClient client) {
    while (client.commands != null && client.state == State.LIVE) {
      Command command = client.commands.poll();
      if (command == null) {
        client.commands = null;
      } else {
        perform(client, command);
      }
    }
  }
}
