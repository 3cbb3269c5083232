package io.spillway.source;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.util.ReferenceCountUtil;
import io.spillway.bus.BusFailure;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.MqttConfig;
import io.spillway.net.Addresses;
import io.spillway.net.SignOfLife;
import io.spillway.retry.NetworkFault;
import io.spillway.source.BrokerAnswer.Connack;
import io.spillway.source.BrokerAnswer.Suback;
import io.spillway.source.PublishGuard.Unfit;
import io.spillway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * A connection made of Netty's MQTT codec on a Vert.x socket, from CONNECT to its end: MQTT 3.1.1,
 * persistent session, messages in at whatever QoS they come with, answers out.
 */
final class NettyBrokerConnection implements BrokerConnection {
  private static final int KEEP_ALIVE_S = 10;
  private static final long WATCH_EVERY_MS = 500;
  private static final long PING_EVERY_MS = 3_000;
  private static final long PROVE_EVERY_MS = 1_000;
  private static final long CONNACK_WITHIN_MS = 8_000;

  private final Vertx vertx;
  private final MqttConfig config;
  private final String clientId;
  private final Listener listener;
  private final TimeSource time;
  private final SilenceWatch silence;
  private final boolean cleanSession;
  private final ReadPacer pacer = new ReadPacer();
  private final Promise<Boolean> connected = Promise.promise();
  private final BitSet unanswered = new BitSet();
  private NetSocketInternal socket;
  private long timer = -1; // 0 would be the first one of the process, whosever that is
  private long lastPingMs;
  private long turnAtMs;
  private boolean accepted;
  private boolean over;

  NettyBrokerConnection(
      Vertx vertx,
      MqttConfig config,
      String clientId,
      boolean cleanSession,
      Listener listener,
      SilenceWatch silence,
      TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.clientId = clientId;
    this.listener = listener;
    this.time = time;
    this.silence = silence;
    this.cleanSession = cleanSession;
  }

  /**
   * Connects. Messages of a persistent session may come before the future completes.
   *
   * @param ready asked when there is a socket; CONNECT is sent when it succeeds
   * @return whether the broker has kept a session; fails with a text for a person
   */
  Future<Boolean> open(NetClient client, Addresses broker, Supplier<Future<?>> ready) {
    broker
        .connect(client, config.port())
        .onSuccess(opened -> begin((NetSocketInternal) opened, ready))
        .onFailure(connected::tryFail);
    return connected.future();
  }

  @Override
  public void subscribe(int packetId, List<String> filters) {
    if (!over) {
      // Of a clean session nothing is kept: there is no use in an acknowledgement.
      write(MqttPackets.subscribe(packetId, filters, cleanSession ? 0 : config.qos()));
    }
  }

  @Override
  public void unsubscribe(int packetId, List<String> filters) {
    if (!over) {
      write(MqttPackets.unsubscribe(packetId, filters));
    }
  }

  @Override
  public boolean isInFlight(int packetId) {
    return unanswered.get(packetId);
  }

  @Override
  public void answer(int[] answers) {
    if (!over && answers.length > 0) {
      for (int answer : answers) {
        unanswered.set(Answer.packetId(answer), Answer.kind(answer) == Answer.PUBREC);
      }
      socket.write(Answer.packets(answers)).onFailure(this::failed);
      pacer.awake();
    }
  }

  @Override
  public void hold(boolean on) {
    pacer.hold(on);
  }

  @Override
  public boolean isHeld() {
    return pacer.isHeld();
  }

  @Override
  public void pace(long nanos) {
    pacer.pauseBeforeReads(nanos);
  }

  @Override
  public Future<Void> disconnect() {
    if (over || socket == null) {
      over = true;
      return Future.succeededFuture();
    }
    end(new Fault(FaultKind.STOPPING, "stopping"));
    return socket.writeMessage(MqttMessage.DISCONNECT).transform(sent -> socket.close());
  }

  private void begin(NetSocketInternal opened, Supplier<Future<?>> ready) {
    socket = opened;
    if (over) { // nobody waited for so long
      socket.close();
      return;
    }
    ChannelPipeline pipeline = socket.channelHandlerContext().pipeline();
    pipeline.addBefore("handler", "life", new SignOfLife(n -> silence.came(n, time.monotonicMs())));
    pipeline.addBefore("handler", "pacer", pacer);
    PublishGuard.addWithCodec(pipeline, config.maxMessageBytes());
    socket.messageHandler(this::packet);
    socket.readCompletionHandler(
        done -> {
          silence.heard(time.monotonicMs());
          turnAtMs = 0;
          if (accepted) {
            listener.turnEnded();
          }
        });
    socket.exceptionHandler(this::failed);
    socket.closeHandler(
        closed -> end(new Fault(FaultKind.CUT, "the broker closed the connection")));
    ready.get().onSuccess(go -> connect()).onFailure(error -> drop(BusFailure.fault(error)));
  }

  private void connect() {
    if (over) {
      return;
    }
    silence.begin(time.monotonicMs());
    timer = vertx.setPeriodic(WATCH_EVERY_MS, tick -> watch());
    write(MqttPackets.connect(config, clientId, cleanSession, KEEP_ALIVE_S));
    vertx.setTimer(CONNACK_WITHIN_MS, late -> notConnected());
  }

  private void notConnected() {
    Fault why = BrokerTrouble.noConnack(CONNACK_WITHIN_MS);
    if (connected.tryFail(why.failure())) {
      drop(why);
    }
  }

  private void packet(Object packet) {
    try {
      if (packet instanceof Unfit unfit) {
        received(Received.of(unfit, turnAtMs()));
      } else if (packet instanceof Connack connack) {
        connack(connack);
      } else if (packet instanceof Suback suback) {
        listener.subscribed(suback.packetId(), suback.codes());
      } else if (packet instanceof MqttMessage message) {
        packet(message);
      }
    } catch (RuntimeException | Error error) {
      drop(BrokerTrouble.notTaken(error)); // so that the broker sends it again
      throw error;
    } finally {
      ReferenceCountUtil.release(packet);
    }
  }

  private void packet(MqttMessage message) {
    if (message.decoderResult().isFailure()) {
      drop(BrokerTrouble.notMqtt(message.decoderResult().cause()));
      return;
    }
    MqttMessageType type = message.fixedHeader().messageType();
    if (message instanceof MqttPublishMessage publish) {
      received(Received.of(publish, config.maxMessageBytes(), turnAtMs()));
    } else if (type == MqttMessageType.UNSUBACK) {
      listener.unsubscribed(MqttPackets.idOf(message));
    } else if (type == MqttMessageType.PUBREL) {
      released(MqttPackets.idOf(message));
    } else if (type == MqttMessageType.PINGRESP) {
      listener.answered();
    } else if (type != MqttMessageType.PUBACK || !listener.published(MqttPackets.idOf(message))) {
      drop(BrokerTrouble.unexpected("not expected: " + type));
    }
  }

  private void received(Received message) {
    if (message.qos() > 0) {
      unanswered.set(message.packetId());
    }
    listener.received(message);
  }

  private void released(int packetId) {
    unanswered.set(packetId);
    listener.released(packetId);
  }

  /** All that one read brings has come at the same time. */
  private long turnAtMs() {
    if (turnAtMs == 0) {
      turnAtMs = time.wallMs();
    }
    return turnAtMs;
  }

  private void connack(Connack connack) {
    if (connack.code() == 0) {
      accepted = true;
      connected.tryComplete(connack.sessionPresent());
    } else {
      drop(BrokerTrouble.explainRefusal(connack.code(), clientId));
    }
  }

  /** Half-open connections: pings go out, and something has to come back. */
  private void watch() {
    long nowMs = time.monotonicMs();
    if (pacer.isHeld()) {
      silence.heard(nowMs); // it is we who do not listen
    }
    long patienceMs = silence.patienceMs();
    if (silence.isOver(nowMs)) {
      drop(BrokerTrouble.silent(patienceMs));
    } else if (accepted
        && nowMs - lastPingMs >= (listener.wantsPing() ? PROVE_EVERY_MS : PING_EVERY_MS)) {
      ping();
    }
  }

  /** Asks for a sign of life. */
  void ping() {
    lastPingMs = time.monotonicMs();
    write(MqttMessage.PINGREQ);
    listener.pinged();
  }

  void write(MqttMessage message) {
    socket.writeMessage(message).onFailure(this::failed);
  }

  private void failed(Throwable error) {
    drop(NetworkFault.of(error));
  }

  private void drop(Fault why) {
    if (!over) {
      end(why);
      socket.close();
    }
  }

  private void end(Fault why) {
    if (!over) {
      over = true;
      vertx.cancelTimer(timer);
      if (accepted) {
        listener.closed(why);
      } else {
        connected.tryFail(why.failure());
      }
    }
  }
}
