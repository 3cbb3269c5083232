package io.spillway.server.live;

import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.bus.Records;
import io.spillway.server.live.Command.Data;
import io.spillway.server.live.Command.Ping;
import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.live.Command.Unsubscribe;
import io.spillway.server.records.Selection;
import io.spillway.time.TimeSource;
import io.spillway.wire.CloseCode;
import io.vertx.core.Vertx;

/** Does what clients ask for: what they get, and from where on. */
final class Subscriptions {
  /** Beyond this many full queues, answers are not put on top of what waits. */
  private static final int ANSWERS_ON_TOP = 2;

  private final Vertx vertx;
  private final Hub hub;
  private final Broadcast broadcast;
  private final Replays replays;
  private final OpenIngest openIngest;
  private final LiveMetrics metrics;
  private final TimeSource time;

  Subscriptions(
      Vertx vertx,
      Hub hub,
      Broadcast broadcast,
      Replays replays,
      OpenIngest openIngest,
      LiveMetrics metrics,
      TimeSource time) {
    this.vertx = vertx;
    this.hub = hub;
    this.broadcast = broadcast;
    this.replays = replays;
    this.openIngest = openIngest;
    this.metrics = metrics;
    this.time = time;
  }

  /** A client has come; it gets everything, or what it asked for, which may be null. */
  void begin(LiveClient client, Subscribe wanted) {
    if (wanted == null) {
      client.state.takeAll(hub.next());
    } else {
      client.state.takeNone();
    }
    broadcast.join(client);
    if (wanted != null) {
      subscribe(client, wanted);
    }
  }

  /** A message has come. */
  void message(LiveClient client, byte[] bytes) {
    Command command = Command.parse(bytes);
    if (command instanceof Data && client.admission.grant().maySend()) {
      if (!client.state.hasChosen()) {
        broadcast.send();
        change(client, client.state::takeNone); // it came to send, and did not ask for anything
      }
      openIngest.store(client, bytes);
      return;
    }
    String problem = Command.problem(command);
    metrics.command(problem == null);
    if (problem != null) {
      answer(client, LiveMessages.error(problem));
    } else if (command instanceof Ping) {
      answer(client, LiveMessages.pong(time.wallMs()));
    } else {
      broadcast.send(); // for which there may be no room
      performOrWait(client, command);
    }
  }

  private void performOrWait(LiveClient client, Command command) {
    if (!client.state.isReplaying()) {
      perform(client, command);
    } else if (!client.state.wait(command)) {
      answer(
          client, LiveMessages.error("a replay is under way, and too many commands wait for it"));
    }
  }

  /** What has been added is sent, so that nothing of it can make the client fall behind now. */
  private void perform(LiveClient client, Command command) {
    if (command instanceof Unsubscribe unsubscribe) {
      change(client, () -> client.state.unsubscribe(unsubscribe.topics()));
      answer(client, LiveMessages.unsubscribed(unsubscribe.topics()));
    } else if (command instanceof Subscribe subscribe) {
      subscribe(client, subscribe);
    }
  }

  private void subscribe(LiveClient client, Subscribe wanted) {
    if (client.state.with(wanted.topics()).topics().size() > Selection.TOPICS_MAX) {
      answer(client, LiveMessages.error("at most " + Selection.TOPICS_MAX + " topics"));
    } else if (wanted.since() > 0) {
      askHistory(client, wanted);
    } else {
      change(client, () -> client.state.subscribe(wanted.topics(), hub.next()));
      answer(client, LiveMessages.subscribed(wanted.topics(), hub.next(), null, false));
    }
  }

  private void askHistory(LiveClient client, Subscribe wanted) {
    if (!client.state.isLive()) {
      return; // it is being closed
    }
    broadcast.leave(client);
    ClientState.Asked asked = client.state.askHistory(wanted, hub.next());
    Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .onSuccess(journal -> replay(client, asked, journal))
        .onFailure(error -> client.close(CloseCode.TRY_LATER, "cannot read the journal now"));
  }

  /** From the offset wanted, or from where the journal begins, and then live. */
  private void replay(LiveClient client, ClientState.Asked asked, Records journal) {
    if (!client.state.isReplaying()) {
      return;
    }
    ClientState.History history = client.state.history(asked, journal.oldest(), journal.end());
    long offset = history.reset() ? history.from() : hub.next();
    answer(
        client,
        LiveMessages.subscribed(asked.wanted().topics(), offset, history.gap(), history.reset()));
    replays.start(Replay.asked(client, history, time.nanoTime()));
  }

  /** What the client gets from now on is another. */
  private void change(LiveClient client, Runnable choice) {
    choice.run();
    if (client.state.isLive()) {
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
    if (!client.state.isLive()) {
      return;
    }
    long nowNanos = time.nanoTime();
    if (client.stands(nowNanos)) {
      client.tooSlow("does not read");
    } else {
      metrics.fellBehind();
      replays.start(Replay.behind(client, offset == 0 ? hub.next() : offset, nowNanos));
    }
  }

  /** It has caught up: now what it has asked for meanwhile. */
  void live(LiveClient client) {
    Command command = nextCommand(client);
    while (command != null) {
      perform(client, command);
      command = nextCommand(client);
    }
  }

  private Command nextCommand(LiveClient client) {
    broadcast.send();
    return client.state.nextCommand();
  }
}
