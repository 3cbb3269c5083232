package io.spillway.iaq;

import io.spillway.config.IaqConfig;
import io.spillway.message.Lines;
import io.spillway.retry.RateLimitedLog;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes alerts, actions, module states and predictions of measurements. The same measurements from
 * the same state on give the same records with the same identities; only {@link #tick} looks at a
 * clock. For one thread at a time.
 */
final class Engine {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final int FORMAT = 1;

  private final LongSupplier nowMs;
  private final int sensorsMax;
  private final MeasurementReader reader;
  private final TopicSelector selector;
  private final Limits limits;
  private final Alerts alerts;
  private final Modules modules;
  private final Predictions predictions;
  private final Counts counts = new Counts();
  private final LinkedHashMap<String, Sensor> sensors = new LinkedHashMap<>(16, 0.75f, true);
  private final RateLimitedLog rateLimitedLog = new RateLimitedLog(log);
  private List<Derived> out = new ArrayList<>();

  /** What has been seen since the start; read by another thread. */
  static final class Counts {
    final LongAdder measurements = new LongAdder();
    final LongAdder ignored = new LongAdder();
    final LongAdder nameless = new LongAdder();
    final LongAdder forgotten = new LongAdder();
    final LongAdder faults = new LongAdder();
    volatile long sensors;
    volatile long stale;
  }

  Engine(IaqConfig config, LongSupplier nowMs) {
    this.nowMs = nowMs;
    sensorsMax = config.sensors();
    reader = new MeasurementReader(nowMs);
    selector = new TopicSelector(config.topics());
    limits = new Limits(config);
    alerts = new Alerts(config.repeat().toMillis());
    modules = new Modules(config.staleFactor(), config.stale().toMillis());
    predictions = new Predictions(config.predict().toMillis(), new GlobalScore(config));
  }

  Counts counts() {
    return counts;
  }

  /**
   * Takes up stored records.
   *
   * @param first offset of the first line
   * @param writtenIds whether a record of this identity is in the journal already
   * @return what follows from them, in order
   */
  List<Derived> take(long first, Lines lines, Predicate<String> writtenIds) {
    out = new ArrayList<>();
    long offset = first;
    int end;
    for (int start = lines.from(); start < lines.to(); start = end, offset++) {
      end = lines.endOfLine(start);
      try {
        Measurement found = reader.read(lines.array(), start, end - 1);
        if (found != null && selector.has(found)) {
          take(offset, found, writtenIds);
        }
      } catch (RuntimeException fault) {
        counts.faults.increment();
        rateLimitedLog.warn("[iaq] the record at offset " + offset + " is passed over: " + fault);
      }
    }
    counts.sensors = sensors.size();
    return out;
  }

  private void take(long offset, Measurement found, Predicate<String> writtenIds) {
    counts.measurements.increment();
    counts.ignored.add(found.ignored());
    if (found.sensorId() == null || found.retained()) {
      counts.nameless.add(found.sensorId() == null ? 1 : 0);
      return;
    }
    Sensor sensor = sensors.get(found.sensorId());
    boolean isNew = sensor == null;
    if (isNew) {
      sensor = add(found.sensorId());
    } else if (writtenIds.test(Modules.staleId(sensor.offset))) {
      sensor.presence.setStale();
    }
    place(sensor, found);
    boolean wasStale = sensor.presence.isStale();
    long lastMs = sensor.presence.lastMs();
    sensor.presence.heard(found.timeMs(), nowMs.getAsLong());
    sensor.offset = offset;
    if (isNew || wasStale) {
      add(
          sensor,
          found,
          isNew ? Modules.newId(offset) : Modules.backId(offset),
          modules.record(
              isNew ? "new" : "back",
              sensor.presence,
              found.timeMs(),
              isNew ? found.timeMs() : lastMs));
    }
    Sensor of = sensor;
    alerts.look(sensor, offset, found, (id, members) -> add(of, found, id, members));
    Map<String, Object> prediction = predictions.look(sensor, found);
    if (prediction != null) {
      add(sensor, found, Derived.id(offset, "prediction"), prediction);
    }
  }

  /** Looks who is silent for too long. */
  List<Derived> tick() {
    out = new ArrayList<>();
    long now = nowMs.getAsLong();
    long stale = 0;
    for (Sensor sensor : sensors.values()) {
      if (modules.isNowStale(sensor.presence, now)) {
        sensor.presence.setStale();
        long lastMs = sensor.presence.lastMs();
        add(
            sensor,
            null,
            Modules.staleId(sensor.offset),
            modules.record("stale", sensor.presence, now, lastMs));
      }
      stale += sensor.presence.isStale() ? 1 : 0;
    }
    counts.stale = stale;
    return out;
  }

  /** All that was said is taken up: those that were said to be stale are. */
  void caughtUp(Predicate<String> writtenIds) {
    for (Sensor sensor : sensors.values()) {
      if (writtenIds.test(Modules.staleId(sensor.offset))) {
        sensor.presence.setStale();
      }
    }
  }

  private Sensor add(String id) {
    if (sensors.size() >= sensorsMax) {
      sensors.remove(sensors.keySet().iterator().next());
      counts.forgotten.increment();
    }
    Sensor sensor = new Sensor(id, limits);
    sensors.put(id, sensor);
    return sensor;
  }

  private static void place(Sensor sensor, Measurement found) {
    sensor.enseigne = found.enseigne() == null ? sensor.enseigne : found.enseigne();
    sensor.salle = found.salle() == null ? sensor.salle : found.salle();
  }

  /** Says of which sensor it is, and from which record it comes. */
  private void add(Sensor sensor, Measurement from, String id, Map<String, Object> members) {
    members.put("sensor_id", sensor.id);
    if (sensor.enseigne != null) {
      members.put("enseigne", sensor.enseigne);
    }
    if (sensor.salle != null) {
      members.put("salle", sensor.salle);
    }
    members.put("_src", from == null || from.id() == null ? sensor.offset : from.id());
    out.add(new Derived(id, members));
  }

  /** Writes all that is known. */
  void write(DataOutput to) throws IOException {
    to.writeInt(FORMAT);
    to.writeInt(sensors.size());
    for (Sensor sensor : sensors.values()) {
      sensor.write(to);
    }
  }

  /**
   * Reads what was written; silence is counted from now on.
   *
   * @throws IOException if it was written by another version, or with another configuration
   */
  void read(DataInput in) throws IOException {
    if (in.readInt() != FORMAT) {
      throw new IOException("saved by another version");
    }
    long now = nowMs.getAsLong();
    List<Sensor> saved = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      saved.add(Sensor.read(in, limits, now));
    }
    sensors.clear();
    saved.forEach(sensor -> sensors.put(sensor.id, sensor));
    counts.sensors = sensors.size();
  }
}
