package io.spillway.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.RabbitConfig;
import io.spillway.net.Attempts;
import io.spillway.time.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One connection to the broker, from connecting to its end. It never comes back by itself: what
 * recovery does to tags that are still to be acknowledged is then ours to say. Blocking calls are
 * made on worker threads; the listener is called on the role's event loop.
 */
final class RabbitLink {
  /** What a link tells its owner. */
  interface Listener {
    /** Messages have come, in order. */
    void delivered(RabbitLink link, List<Delivery> deliveries);

    /** The end of a link that was open. */
    void closed(RabbitLink link, Fault why);
  }

  /** Bodies in hand, beyond which the socket is not read. */
  static final long HELD_BYTES_MAX = 8 << 20;

  private static final int CONNECT_WITHIN_MS = 5_000;
  private static final int ANSWER_WITHIN_MS = 10_000;
  private static final int CLOSE_WITHIN_MS = 2_000;

  /** What the broker itself allows by default; a limit below it would end the link, for ever. */
  private static final int BODY_BYTES_MAX = 512 << 20;

  private final Context context;
  private final WorkerExecutor worker;
  private final RabbitConfig config;
  private final Function<String, String> ids;
  private final Listener listener;
  private final TimeSource time;
  private final InFlightBytes inFlight = new InFlightBytes(HELD_BYTES_MAX);
  private final List<Delivery> arrived = new ArrayList<>();
  private volatile boolean closing;
  private volatile Connection connection;
  private volatile Channel channel;

  private boolean opened;
  private Fault end;

  /**
   * @param ids makes the id of a message from its property message-id, which may be null; called on
   *     the connection's thread
   */
  RabbitLink(
      Context context,
      WorkerExecutor worker,
      RabbitConfig config,
      Function<String, String> ids,
      Listener listener,
      TimeSource time) {
    this.context = context;
    this.worker = worker;
    this.config = config;
    this.ids = ids;
    this.listener = listener;
    this.time = time;
  }

  RabbitConfig config() {
    return config;
  }

  /** Connects, declares or checks, and begins to consume. */
  Future<Void> open() {
    return worker
        .executeBlocking(this::connect, false)
        .compose(
            done -> {
              opened = end == null;
              return opened ? Future.succeededFuture() : Future.failedFuture(end.failure());
            });
  }

  /** Acknowledges everything up to this tag, of which so many bytes were still held. */
  void acknowledge(long tag, long bytes) {
    inFlight.give(bytes);
    if (end == null) {
      worker
          .executeBlocking(
              () -> {
                channel.basicAck(tag, true);
                return null;
              })
          .onFailure(error -> ended(RabbitTrouble.explain(config, error)));
    }
  }

  /** Bytes of bodies in hand. */
  long heldBytes() {
    return inFlight.held();
  }

  /** Ends it, after what was acknowledged; the listener hears nothing more. */
  Future<Void> close() {
    closing = true;
    end = end == null ? new Fault(FaultKind.CUT, "closed") : end;
    inFlight.open();
    return worker.executeBlocking(
        () -> {
          abort();
          return null;
        });
  }

  private Void connect() throws IOException, TimeoutException {
    connection = dial(factory());
    try {
      channel = connection.createChannel();
      channel.addShutdownListener(this::shutDown);
      if (config.declare()) {
        Topology.declare(channel, config);
      } else {
        Topology.check(channel, config);
      }
      EventChunk.warmUp(config);
      channel.basicQos(config.prefetch());
      channel.basicConsume(config.queue(), false, new Reader(channel));
      if (closing) {
        abort(); // it was closed before there was anything to be closed
      }
      return null;
    } catch (IOException | RuntimeException e) {
      closing = true;
      abort();
      throw e;
    }
  }

  /**
   * At one address after the other. The client library would do it, too, and tell what was wrong at
   * the last one; of a list of one address it would even look the host up again.
   */
  private Connection dial(ConnectionFactory factory) throws IOException, TimeoutException {
    Attempts attempts = new Attempts(List.of(InetAddress.getAllByName(config.host())), null);
    while (true) {
      Address next = at(attempts.next());
      try {
        return factory.newConnection(
            new CallerThreadExecutor(), () -> List.of(next), "spillway " + config.queue());
      } catch (IOException | TimeoutException error) {
        if (RabbitTrouble.isAnswer(error)) {
          throw error;
        }
        attempts.failed(error);
        if (closing || !attempts.hasNext()) {
          throw new IOException(attempts.fault());
        }
      }
    }
  }

  /** One address of the host, under its name: a certificate is for the name. */
  private Address at(InetAddress address) {
    return new Address(config.host(), config.port()) {
      @Override
      public InetSocketAddress toInetSocketAddress(int port) {
        return new InetSocketAddress(address, port);
      }
    };
  }

  private ConnectionFactory factory() throws IOException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(config.host());
    factory.setPort(config.port());
    factory.setVirtualHost(config.vhost());
    factory.setUsername(config.user());
    factory.setPassword(config.password().value());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat((int) config.heartbeat().toSeconds());
    factory.setConnectionTimeout(CONNECT_WITHIN_MS);
    factory.setHandshakeTimeout(ANSWER_WITHIN_MS);
    factory.setChannelRpcTimeout(ANSWER_WITHIN_MS);
    factory.setMaxInboundMessageBodySize(BODY_BYTES_MAX);
    factory.setExceptionHandler(new ClientExceptionHandler(this::ended));
    if (config.tls()) {
      factory.useSslProtocol(BrokerTrust.in(config.caFile()));
      factory.enableHostnameVerification();
    }
    return factory;
  }

  private void abort() {
    if (connection != null) {
      connection.abort(CLOSE_WITHIN_MS);
    }
  }

  private void shutDown(ShutdownSignalException cause) {
    if (!cause.isInitiatedByApplication()) {
      ended(RabbitTrouble.ended(config, cause));
    }
  }

  /** From any thread. */
  private void ended(Fault why) {
    inFlight.open();
    context.runOnContext(
        on -> {
          if (end == null && !closing) {
            end = why;
            if (opened) {
              listener.closed(this, why);
            }
          }
        });
  }

  /** On the connection's thread. */
  private void arrived(Delivery delivery) {
    boolean first;
    synchronized (arrived) {
      first = arrived.isEmpty();
      arrived.add(delivery);
    }
    if (first) {
      context.runOnContext(on -> deliver());
    }
  }

  private void deliver() {
    List<Delivery> batch;
    synchronized (arrived) {
      batch = List.copyOf(arrived);
      arrived.clear();
    }
    if (end == null) {
      listener.delivered(this, batch);
    }
  }

  /** Takes what the broker delivers, on the connection's thread. */
  private final class Reader extends DefaultConsumer {
    Reader(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      try {
        inFlight.take(body.length);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (!closing) {
        String id = ids.apply(properties.getMessageId());
        arrived(Delivery.of(config, envelope, properties, body, id, time.wallMs()));
      }
    }

    @Override
    public void handleCancel(String consumerTag) {
      ended(RabbitTrouble.cancelled(config));
    }
  }
}
