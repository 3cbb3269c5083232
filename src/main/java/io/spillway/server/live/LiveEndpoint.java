package io.spillway.server.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.spillway.bus.Channels;
import io.spillway.bus.ReadRequest;
import io.spillway.config.LimitsConfig;
import io.spillway.config.LiveConfig;
import io.spillway.retry.Occasionally;
import io.spillway.server.live.Command.Data;
import io.spillway.server.live.Command.Ping;
import io.spillway.server.live.Command.Subscribe;
import io.spillway.server.live.Command.Unsubscribe;
import io.spillway.server.live.LiveClient.State;
import io.spillway.server.records.RecordView;
import io.spillway.server.records.Selection;
import io.spillway.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live WebSockets: greets clients, does what they ask for, and lets go of those that are gone.
 */
public final class LiveEndpoint {
  private static final Logger log = LoggerFactory.getLogger(LiveEndpoint.class);

  /** Longest command. */
  private static final int COMMAND_BYTES_MAX = 64 << 10;

  /** Commands that may wait while a client catches up. */
  private static final int COMMANDS_WAITING_MAX = 32;

  private static final long STOP_WITHIN_MS = 2_000;

  private final Vertx vertx;
  private final LiveConfig config;
  private final LimitsConfig limits;
  private final LiveMetrics metrics;
  private final Hub hub;
  private final Broadcast broadcast;
  private final Replays replays;
  private final Guests guests;
  private final Sweep sweep;
  private final Set<LiveClient> clients = new HashSet<>();
  private final Occasionally slow = new Occasionally(log);
  private Promise<Void> empty;

  /** On the event loop {@code loop}, to which every client's connection belongs. */
  public LiveEndpoint(
      Vertx vertx, EventLoop loop, LiveConfig config, LimitsConfig limits, MeterRegistry registry) {
    this.vertx = vertx;
    this.config = config;
    this.limits = limits;
    metrics = new LiveMetrics(registry);
    RecordView view = new RecordView(config.routes());
    broadcast = new Broadcast(loop, metrics, config.queueBytes(), this::full);
    hub = new Hub(vertx, view, broadcast, metrics);
    replays = new Replays(vertx, view, hub, broadcast, metrics, config.replays(), this::live);
    guests = new Guests(vertx, registry);
    sweep = new Sweep(vertx, config, clients, replays, broadcast, metrics, this);
    metrics.gauge("spillway.live.connections", clients::size);
    metrics.gauge("spillway.live.replays", () -> replays.all().size());
  }

  /** Succeeds when clients can be served. */
  public Future<Void> start() {
    return hub.start().onSuccess(started -> sweep.start());
  }

  /** Closes every connection, and succeeds when they are gone, or soon. */
  public Future<Void> close() {
    sweep.stop();
    empty = Promise.promise();
    List.copyOf(clients)
        .forEach(client -> client.close(CloseCode.GOING_AWAY, "the server is stopping"));
    if (clients.isEmpty()) {
      empty.complete();
    }
    long timer = vertx.setTimer(STOP_WITHIN_MS, late -> empty.tryComplete());
    return empty.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** How many clients are connected. */
  public int connections() {
    return clients.size();
  }

  /** What it does, in numbers. */
  public LiveStats stats() {
    return new LiveStats(clients, replays, hub, metrics);
  }

  /**
   * Makes a live connection of a request that has been let in.
   *
   * @param peer the client's address, as logs and rejected records name it
   * @param mayWrite what is no command is a record to be stored
   * @param left run when the client has gone, also if it was never here
   * @return why the request cannot be upgraded, for an answer with status 400 or 426; null if it
   *     was
   */
  public Refusal accept(HttpServerRequest request, String peer, boolean mayWrite, Runnable left) {
    Wish wish;
    try {
      wish = Wish.of(request);
      int bytesMax = mayWrite ? limits.maxMessageBytes() : COMMAND_BYTES_MAX;
      LiveClient client = new LiveClient(this, new Visit(peer, mayWrite, left), Selection.ALL);
      Takeover.of(request, bytesMax, client, () -> enter(client, wish));
      return null;
    } catch (Takeover.Refused error) {
      left.run();
      return new Refusal(error.status, error.getMessage());
    }
  }

  /** Why a request was not upgraded. */
  public record Refusal(int status, String reason) {}

  private void enter(LiveClient client, Wish wish) {
    clients.add(client);
    log.debug("[live] {} connected as {}", client.visit.peer(), client.id);
    client.pingDueNanos = client.openedNanos + config.ping().toNanos();
    client.coveredFrom = hub.next();
    client.send(Messages.connection(client.id, hub.next()));
    if (wish.isEmpty()) {
      broadcast.join(client);
    } else {
      broadcast.send(); // what the greeting says is behind this client
      client.selection = Selection.NONE;
      broadcast.join(client);
      subscribe(client, wish.subscribe());
    }
  }

  // --- what clients say

  void message(LiveClient client, byte[] bytes) {
    Command command = Command.parse(bytes);
    if (command instanceof Data && client.visit.mayWrite()) {
      if (!client.chosen) {
        choose(client, Selection.NONE); // it came to send, and did not ask for anything
      }
      guests.store(client, bytes);
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
    Selection had = client.selection;
    Selection sum = client.chosen ? had.with(wanted.topics()) : Selection.of(wanted.topics());
    if (sum.topics().size() > Selection.TOPICS_MAX) {
      answer(client, Messages.error("at most " + Selection.TOPICS_MAX + " topics"));
      return;
    }
    if (wanted.since() == 0) {
      choose(client, sum);
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
    long covered = client.coveredFrom;
    long end = hub.next();
    client.chosen = true;
    client.selection = sum;
    client.state = State.REPLAYING;
    Channels.RECORDS_READ
        .request(vertx, ReadRequest.POSITION)
        .onSuccess(
            journal -> {
              long oldest = Math.min(journal.oldest(), end);
              boolean reset = wanted.since() > journal.end();
              long from = reset ? end : Math.max(wanted.since(), oldest);
              Messages.Gap gap =
                  wanted.since() < oldest ? new Messages.Gap(wanted.since(), oldest) : null;
              client.coveredFrom = from;
              answer(client, Messages.subscribed(wanted.topics(), hub.next(), gap, reset));
              replay(Replay.asked(client, Math.min(from, end), had, covered, end));
            })
        .onFailure(error -> client.close(CloseCode.TRY_LATER, "cannot read the journal now"));
  }

  private void replay(Replay replay) {
    if (replay.client.state == State.REPLAYING) {
      replays.start(replay);
    }
  }

  /** From now on the client gets this. */
  private void choose(LiveClient client, Selection selection) {
    broadcast.send();
    client.selection = selection;
    if (client.state == State.LIVE) {
      broadcast.leave(client);
      client.coveredFrom = hub.next();
      broadcast.join(client);
    }
  }

  /** There is always room for an answer, up to a point. */
  private void answer(LiveClient client, String text) {
    if (client.waitingBytes() > 2L * config.queueBytes()) {
      tooSlow(client, "does not read the answers");
    } else {
      client.send(text);
    }
  }

  // --- what becomes of clients

  /** A client's queue is full: it goes on from the journal, if it reads at all. */
  private void full(LiveClient client, long offset) {
    if (client.state != State.LIVE) {
      return;
    }
    if (sweep.stands(client)) {
      tooSlow(client, "does not read");
    } else {
      metrics.fellBehind();
      replays.start(Replay.behind(client, offset == 0 ? hub.next() : offset));
    }
  }

  void tooSlow(LiveClient client, String why) {
    slow.warn("[live] " + client.visit.peer() + " is closed as too slow: it " + why);
    client.close(CloseCode.TOO_SLOW, "too slow: go on from the last _offset");
  }

  private void live(LiveClient client) {
    while (client.commands != null && client.state == State.LIVE) {
      Command command = client.commands.poll();
      if (command == null) {
        client.commands = null;
      } else {
        perform(client, command);
      }
    }
  }

  /** We close it. */
  void closing(LiveClient client, CloseCode code) {
    metrics.closed(code);
    leaving(client);
  }

  /** It gets nothing more. */
  void leaving(LiveClient client) {
    broadcast.leave(client);
  }

  /** Its connection is gone. */
  void ended(LiveClient client) {
    broadcast.leave(client);
    client.visit.left().run();
    if (clients.remove(client)) {
      log.debug("[live] {} has gone", client.id);
    }
    if (empty != null && clients.isEmpty()) {
      empty.tryComplete();
    }
  }
}
