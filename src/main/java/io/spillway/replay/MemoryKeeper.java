package io.spillway.replay;

import io.spillway.journal.JournalFailure;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Keeps the note beside a source. Where it cannot be written that is said once, and the replay goes
 * on. Blocking, but for {@link #reached}.
 */
final class MemoryKeeper {
  private final LineSource source;
  private final String broker;
  private final Consumer<String> say;
  private final long known;
  private ReplayMemory memory;

  /** As it stands on the disk. */
  private ReplayMemory saved;

  private volatile long reached;
  private boolean told;

  /**
   * Takes up the note of a source, if there is one.
   *
   * @param broker what is noted, see {@link ReplayMemory#next}; null for a server, which knows
   * @param say takes a line for a person
   */
  MemoryKeeper(LineSource source, String broker, Consumer<String> say) throws IOException {
    this.source = source;
    this.broker = broker;
    this.say = say;
    saved = ReplayMemory.read(source.memory());
    if (saved.isOfAnother(source.identity())) {
      say.accept(
          source.named()
              + " was changed, and not only added to, since it was replayed: it goes from its first"
              + " line on, as another source");
    }
    boolean noted = !saved.sha256().isEmpty() && !saved.isOfAnother(source.identity());
    known = noted ? saved.lines() : source.last();
    memory = saved.of(source);
    reached = broker == null ? 1 : memory.next(broker);
  }

  /**
   * Whether a server that goes on there has lines of this source that are not these: more than
   * there were when it was noted, and it has grown since. So it is after a source and its note were
   * put back from a backup and have gone on.
   */
  boolean isOvertaken(long next) {
    return source.content() != null && next > known + 1 && source.last() > known;
  }

  /** Everything below is at the broker, as was noted. */
  long next() {
    return reached;
  }

  /** Everything below is there. */
  void reached(long next) {
    reached = next;
  }

  /** Notes it if there is something new. */
  synchronized void save() {
    try {
      memory = broker == null ? memory : memory.with(broker, reached);
      boolean needed = broker != null || source.content() != null;
      if (needed && !memory.equals(saved)) {
        memory.write(source.memory());
        saved = memory;
      }
    } catch (IOException error) {
      if (!told) {
        told = true;
        say.accept(
            "cannot be noted: "
                + JournalFailure.words(error)
                + "; "
                + (broker == null
                    ? "when the source has grown, all of it goes once more"
                    : "the next run begins anew"));
      }
    }
  }
}
