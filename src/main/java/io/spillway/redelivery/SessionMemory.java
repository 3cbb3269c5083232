package io.spillway.redelivery;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is remembered of an MQTT session: the last message of each packet identifier, and on which
 * connection it was last read. Only the newest message of an identifier can be sent again, so this
 * is all there is to know of what was stored; and which identifiers the broker has yet to release,
 * at QoS 2.
 *
 * <p>It changes by {@linkplain #apply deltas} alone, which are on the disk before they are applied:
 * what it says is what it says after a crash. A delta only sets, so that one which is applied
 * again, followed by all that came after it, changes nothing.
 *
 * <p>Connections have numbers, from 1, and each is on the disk before its CONNECT is sent.
 */
public final class SessionMemory {
  /** Fingerprints that a version before this one kept, without their identifiers. */
  public static final int INHERITED_MAX = 10_000;

  private static final int BEGUN_BYTES = 15 + BrokerUptime.BYTES;
  private static final int STATE_BYTES = 36 + BrokerUptime.BYTES;

  private final int identifiers;
  private final IdentifierTable table = new IdentifierTable();
  private final Set<Long> inherited = new LinkedHashSet<>();

  /** Identifiers at QoS 2 that the broker has not released yet. */
  private final BitSet held = new BitSet();

  private long session;
  private int connection;

  /** The last connection that is known to have brought something. */
  private int heardOn;

  /** What was read on an earlier connection may be of another session. */
  private int trustedFrom;

  private BrokerUptime uptime = BrokerUptime.from(0, new Moment(0, 0, 0));
  private Habit habit = Habit.UNKNOWN;

  /** The identifier of the last message that was stored; 0: none. */
  private int newest;

  /** The connection that brought it, if it was certainly new; or 0. */
  private int newestOn;

  private boolean complete;

  /** Of what was taken; no other process can go on with it. */
  private final Turn turn;

  public SessionMemory() {
    this(IdentifierTable.LAST);
  }

  /**
   * @param identifiers how many a session has: fewer of them make a test turn over soon
   */
  SessionMemory(int identifiers) {
    this.identifiers = identifiers;
    turn = new Turn(identifiers);
  }

  /** The number of the present connection; 0 before the first. */
  public int connection() {
    return connection;
  }

  /** Whether an answer to "since when has the broker been running?" would make a difference. */
  public boolean wantsProof(long ofSession) {
    boolean known = session == ofSession && newest > 0;
    return (known && habit != Habit.REUSES) || !inherited.isEmpty();
  }

  /**
   * The delta by which the next connection gets its number: {@link #connection}, when it has been
   * applied.
   */
  public byte[] begin(Beginning next) {
    boolean other = session != next.session() || connection == IdentifierTable.MARK_MAX;
    int number = connection == IdentifierTable.MARK_MAX ? 1 : connection + 1;
    BrokerUptime nextUptime =
        other ? BrokerUptime.from(number, next.at()) : uptime.next(number, next.at(), next.upMs());
    Habit known = other && session != 0 ? Habit.UNKNOWN : habit;
    ByteBuffer delta = ByteBuffer.allocate(BEGUN_BYTES);
    delta.put(Delta.BEGUN).put((byte) (other ? 1 : 0));
    delta.put((next.named() ? Habit.RISES : known).code());
    delta.putLong(next.session()).putInt(number);
    nextUptime.write(delta);
    return delta.array();
  }

  /**
   * Judges the messages of one chunk.
   *
   * @param on the number of the connection on which they were read
   * @param seen how the broker gives identifiers, as far as this connection has shown
   * @param newSession it began a new session: what was before says nothing about it
   */
  public ChunkJudge judge(int on, Habit seen, boolean newSession) {
    return new ChunkJudge(this, on, habit.with(seen), newSession);
  }

  /** Takes over a delta that is on the disk. */
  public void apply(byte[] bytes) {
    Delta delta = Delta.of(bytes);
    habit = delta.habit();
    if (delta.clears()) {
      forget();
    }
    if (delta.isOfChunk()) {
      taken(delta);
    } else {
      begun(delta.rest(), delta.clears());
    }
  }

  private void begun(ByteBuffer in, boolean other) {
    boolean first = session == 0;
    session = in.getLong();
    connection = in.getInt();
    uptime = BrokerUptime.read(in);
    if ((other && !first) || connection > 2) {
      inherited.clear(); // nothing of it can be recognised any more
    }
  }

  private void taken(Delta delta) {
    if (delta.clears()) {
      complete = true;
      inherited.clear();
    }
    int on = delta.on();
    heardOn = Math.max(heardOn, on);
    trustedFrom = delta.trustedFrom();
    newest = delta.newest();
    newestOn = delta.newestOn();
    delta.forEachChange(change -> taken(change, on));
  }

  private void taken(long change, int on) {
    int identifier = Change.identifier(change);
    if (Change.kind(change) != Change.RELEASED) {
      table.put(identifier, change, on);
      turn.read(on);
    }
    held.set(identifier, Change.kind(change) == Change.HELD);
  }

  private void forget() {
    table.clear();
    held.clear();
    newest = 0;
    newestOn = 0;
    complete = false;
  }

  // --- what the judge asks

  /** The last message of each identifier, and the connection on which it was last read. */
  IdentifierTable table() {
    return table;
  }

  /** Whether a message at QoS 2 has been read under this identifier, and not released. */
  boolean holds(int identifier) {
    return held.get(identifier);
  }

  /** Whether it was kept by a version before this one. */
  boolean inherited(long fingerprint) {
    return inherited.contains(fingerprint);
  }

  /** All that this session ever brought has passed here: what has no entry was never read. */
  boolean isComplete() {
    return complete;
  }

  /** The broker has been running without a break since the CONNECT of this connection. */
  int unbrokenSince() {
    return uptime.since();
  }

  int newest() {
    return newest;
  }

  int newestOn() {
    return newestOn;
  }

  int trustedFrom() {
    return trustedFrom;
  }

  /**
   * Whether a session may have begun on a connection of which nothing was heard, not even that. Its
   * identifiers begin with 1; none of its messages was acknowledged, so that one comes first.
   */
  boolean mayBeAnother(int on) {
    return heardOn < on - 1;
  }

  /** Whether the broker's count has gone round, perhaps. */
  Turn turn() {
    return turn;
  }

  boolean isBehind(int identifier, int latest) {
    return Math.floorMod(latest - identifier, identifiers) < (identifiers + 1) / 2;
  }

  // --- taken over from a version before this one

  /** Forgets what was inherited. */
  public void disinherit() {
    inherited.clear();
  }

  /** One more fingerprint that was kept without its identifier: the youngest of them. */
  public void inherit(long fingerprint) {
    inherited.add(fingerprint);
    if (inherited.size() > INHERITED_MAX) {
      inherited.remove(inherited.iterator().next());
    }
  }

  // --- as a whole

  /** All of it. */
  public byte[] save() {
    int[] entries = {0};
    table.forEach((identifier, entry) -> entries[0]++);
    int bytes =
        STATE_BYTES
            + inherited.size() * Long.BYTES
            + held.cardinality() * Short.BYTES
            + entries[0] * (Short.BYTES + Long.BYTES);
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.putLong(session).putInt(connection);
    uptime.write(out);
    out.putInt(heardOn).putInt(trustedFrom);
    out.put(habit.code()).putShort((short) newest).putInt(newestOn).put((byte) (complete ? 1 : 0));
    out.putInt(inherited.size());
    inherited.forEach(out::putLong);
    out.putInt(held.cardinality());
    held.stream().forEach(identifier -> out.putShort((short) identifier));
    table.forEach((identifier, entry) -> out.putShort((short) identifier).putLong(entry));
    return out.array();
  }

  /** Replaces all of it by what {@link #save} gave. */
  public void load(byte[] saved) {
    ByteBuffer in = ByteBuffer.wrap(saved);
    forget();
    inherited.clear();
    session = in.getLong();
    connection = in.getInt();
    uptime = BrokerUptime.read(in);
    heardOn = in.getInt();
    trustedFrom = in.getInt();
    habit = Habit.of(in.get());
    newest = in.getShort() & 0xFFFF;
    newestOn = in.getInt();
    complete = in.get() != 0;
    for (int left = in.getInt(); left > 0; left--) {
      inherited.add(in.getLong());
    }
    for (int left = in.getInt(); left > 0; left--) {
      held.set(in.getShort() & 0xFFFF);
    }
    while (in.hasRemaining()) {
      int identifier = in.getShort() & 0xFFFF;
      long entry = in.getLong();
      table.put(identifier, entry >>> 24, (int) entry & IdentifierTable.MARK_MAX);
    }
  }
}
