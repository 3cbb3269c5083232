package io.spillway.kit;

/** The brokers that the edge has to get on with, and what is peculiar to each. */
public enum BrokerKind {
  MOSQUITTO("Mosquitto", Ids.RISING, 65_535),
  NATS("NATS", Ids.REUSED, 65_535),
  AEDES("aedes", Ids.UNMARKED, 10_000), // more are not there before it misses a ping and closes
  MOCHI("mochi", Ids.REUSED, 1_024),
  HIVEMQ("HiveMQ CE", Ids.REUSED, 1), // before the first acknowledgement of a connection
  MOQUETTE("Moquette", Ids.REUSED, 10),
  ARTEMIS("Artemis", Ids.UNMARKED, 65_535);

  /** How a broker gives packet identifiers, and marks what it sends again. */
  public enum Ids {
    /** Rising, across connections. */
    RISING,
    /** Free ones are used again at once, or from 1 on each connection. */
    REUSED,
    /** What is sent again gets another identifier, or no mark: it looks new. */
    UNMARKED
  }

  private final String title;
  private final Ids ids;
  private final int inFlightMax;

  BrokerKind(String title, Ids ids, int inFlightMax) {
    this.title = title;
    this.ids = ids;
    this.inFlightMax = inFlightMax;
  }

  /** One of it in {@code site}, not yet started. */
  public Broker in(Site site) {
    return switch (this) {
      case MOSQUITTO -> new Mosquitto(site, "mosquitto");
      case NATS -> OtherBrokers.nats(site);
      case AEDES -> OtherBrokers.aedes(site);
      case MOCHI -> OtherBrokers.mochi(site);
      case HIVEMQ -> OtherBrokers.java(site, "hivemq", "HiveMq");
      case MOQUETTE -> OtherBrokers.java(site, "moquette", "Moquette");
      case ARTEMIS -> OtherBrokers.java(site, "artemis", "Artemis");
    };
  }

  public Ids ids() {
    return ids;
  }

  /** Whether it sends again on the same connection what is not acknowledged for some seconds. */
  public boolean repeats() {
    return this == NATS || this == MOQUETTE;
  }

  /**
   * Whether it leaves messages out that it has taken, until a new connection: aedes hands over none
   * whose number is below that of one handed over before, and gets them past each other itself.
   */
  public boolean leavesOut() {
    return this == AEDES;
  }

  /** How many messages it sends, if told to, without an acknowledgement. */
  public int inFlightMax() {
    return inFlightMax;
  }

  /** Its name, as people write it. */
  @Override
  public String toString() {
    return title;
  }
}
