package io.spillway.source;

import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import io.spillway.config.MqttConfig;
import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import io.spillway.net.Addresses;
import io.spillway.net.HostExamination;
import io.spillway.net.TlsExamination;
import io.spillway.time.TimeSource;
import io.spillway.worker.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Looks at the way to the broker as a source takes it, and beside one that runs: under a client id
 * of its own, with a clean session, so that neither the session nor its messages are touched. All
 * methods are called on one event loop, in the order in which they stand here.
 */
public final class BrokerExamination {
  /** What the hops are called. */
  public static final String LOGIN = "broker login";

  /** Likewise. */
  public static final String TOPICS = "topics";

  /** Likewise. */
  public static final String MESSAGES = "messages";

  /** Likewise. */
  public static final String IDENTIFIERS = "identifiers";

  private static final String PEER = "broker";
  private static final String CLOSED_CURE =
      "is it an MQTT broker that edge.mqtt.url (BROKER_URL) names? Then its log says why it closes";

  private static final String SHARE = "$share/";
  private static final long SUBACK_WITHIN_MS = 5_000;
  private static final long MESSAGES_WITHIN_MS = 3_000;

  /** What every broker takes (MQTT 3.1.1 section 3.1.3.1), less what is put behind it. */
  private static final int SHORT_ID = 23 - "-asks".length();

  private final Vertx vertx;
  private final MqttConfig config;
  private final String random;
  private final String shortId;
  private final TimeSource time;
  private final NetClient client;
  private final Addresses broker;
  private final Ears ears = new Ears(this::received);
  private final Arrivals arrivals;
  private String id;
  private NettyBrokerConnection connection;

  /**
   * @param clientId that of the source
   * @param random so that nobody else has the same name
   */
  public BrokerExamination(
      Vertx vertx, MqttConfig config, String clientId, String random, TimeSource time) {
    this.vertx = vertx;
    this.config = config;
    this.random = random;
    this.time = time;
    id = idOf(clientId, random, Integer.MAX_VALUE);
    shortId = idOf(clientId, random, SHORT_ID);
    client = vertx.createNetClient(MqttSource.clientOptions(config));
    broker = new Addresses(vertx, config.host());
    arrivals = new Arrivals(config.topics());
  }

  /** A name that tells whose it is, of so many characters at most. */
  static String idOf(String clientId, String random, int max) {
    String own = "-doctor-" + random;
    int room = Math.max(0, max - own.length());
    return clientId.substring(0, Math.min(clientId.length(), room)) + own;
  }

  /** Its name and its port. */
  public HostExamination host() {
    return new HostExamination(vertx, PEER, config.host(), config.port(), this::explain, time);
  }

  /** Its certificate; null where there is no TLS. */
  public TlsExamination tls() {
    return config.tls()
        ? new TlsExamination(
            vertx,
            PEER,
            config.host(),
            config.port(),
            MqttSource.clientOptions(config),
            this::explain,
            time)
        : null;
  }

  private Fault explain(Throwable error) {
    return BrokerTrouble.explain(config, error);
  }

  /** Whether it lets us in; never fails. */
  public Future<HopFinding> login() {
    return open()
        .recover(
            error -> {
              if (isOfId(error) && id.length() > shortId.length()) {
                id = shortId; // which may be what it does not like
                return open();
              }
              return Future.failedFuture(error);
            })
        .map(kept -> HopFinding.ok(LOGIN, "let in as " + id + user()))
        .otherwise(this::refused);
  }

  private Future<Boolean> open() {
    connection = new NettyBrokerConnection(vertx, config, id, true, ears, new SilenceWatch(), time);
    return connection.open(client, broker, Future::succeededFuture);
  }

  private static boolean isOfId(Throwable error) {
    return error instanceof Fault.Failure known && known.fault().kind() == FaultKind.CLIENT_ID;
  }

  private String user() {
    return config.username() == null
        ? ", without a user name"
        : config.password() == null ? ", with a user name" : ", with user name and password";
  }

  /** A client id that is not that of the source says nothing of the source's. */
  private HopFinding refused(Throwable error) {
    if (isOfId(error)) {
      return HopFinding.told(
          LOGIN,
          Result.SKIPPED,
          "not known: the broker does not allow the client id "
              + id
              + ", and that of the edge is not to be used twice; have it allow ids that begin like"
              + " that of the edge, or see what the log of the edge says");
    }
    Fault why = explain(error);
    return HopFinding.failed(
        LOGIN, why.trouble(), why.kind() == FaultKind.CUT ? CLOSED_CURE : why.cure());
  }

  /** What it grants; never fails. */
  public Future<HopFinding> topics() {
    List<String> filters = config.topics().stream().map(this::ofOwnGroup).toList();
    connection.write(MqttPackets.subscribe(1, filters, config.qos()));
    return TimeLimit.within(vertx, SUBACK_WITHIN_MS, ears.granted())
        .map(codes -> Grants.judge(TOPICS, config.topics(), codes, config.qos()))
        .otherwise(this::unanswered)
        .compose(
            seen ->
                seen.isPassable()
                    ? Future.succeededFuture(seen)
                    : connection.disconnect().map(seen).otherwise(seen));
  }

  private HopFinding unanswered(Throwable error) {
    Fault why =
        error instanceof TimeoutException ? BrokerTrouble.silent(SUBACK_WITHIN_MS) : explain(error);
    return HopFinding.failed(TOPICS, why.trouble(), why.cure());
  }

  /** In the group of the edge it would take messages away from it. */
  private String ofOwnGroup(String filter) {
    return filter.startsWith(SHARE)
        ? SHARE + "doctor-" + random + filter.substring(filter.indexOf('/', SHARE.length()))
        : filter;
  }

  /** Whether anything comes; the connection is ended then. Never fails. */
  public Future<HopFinding> messages() {
    long begunMs = time.monotonicMs();
    Future<Received> last = arrivals.isComplete() ? Future.succeededFuture() : ears.nextMessage();
    return TimeLimit.within(vertx, MESSAGES_WITHIN_MS, last)
        .otherwiseEmpty()
        .map(any -> arrivals.judge(MESSAGES, time.monotonicMs() - begunMs))
        .eventually(connection::disconnect);
  }

  /** Lets more come: the session is of this connection alone, so nobody misses what is answered. */
  private boolean received(Received message) {
    if (message.qos() > 0) {
      connection.answer(new int[] {Answer.toMessage(message.qos(), message.packetId())});
    }
    return arrivals.come(message.topic());
  }

  /** How it gives packet identifiers; never fails. */
  public Future<HopFinding> identifiers() {
    return new IdentifierProbe(vertx, client, broker, config, id, random, time).look(IDENTIFIERS);
  }
}
