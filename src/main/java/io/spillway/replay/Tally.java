package io.spillway.replay;

import io.spillway.message.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What became of the lines of one source, and what is said of it. Any thread may tell it. What is
 * looked at once more, after a break, counts once.
 */
final class Tally {
  /** Lines of which it is said by themselves why they do not go; of more only how many they are. */
  private static final int TOLD_MAX = 20;

  private static final int WHY_CHARS_MAX = 300;

  private final Consumer<String> say;
  private long lookedTo;
  private long presentTo;
  private long there = -1;
  private long done;
  private long unfit;
  private long notChosen;
  private long ofServer;
  private long setAside;
  private long next;

  /**
   * Counts nothing yet.
   *
   * @param say takes a line for a person
   */
  Tally(Consumer<String> say) {
    this.say = say;
  }

  /** A line was looked at. */
  synchronized void looked(Shaped line) {
    if (line.number() <= lookedTo) {
      return;
    }
    lookedTo = line.number();
    count(line);
  }

  /** Everything below {@link #presentTo} is looked at now. */
  synchronized void lookBack() {
    there = 0;
  }

  /** A line was looked at that the target had before. */
  synchronized void lookedBack(Shaped line) {
    there += line.isSent() ? 1 : 0;
    count(line);
  }

  /** The highest number that an earlier run has gone through; 0 for none. */
  synchronized long presentTo() {
    return presentTo;
  }

  private void count(Shaped line) {
    switch (line.fate()) {
      case SENT -> {}
      case NOT_CHOSEN -> notChosen++;
      case OF_SERVER -> ofServer++;
      case UNFIT -> {
        unfit++;
        tell(unfit, line.number(), "is not sent: " + line.why());
      }
    }
  }

  /** The target has everything below, of an earlier run. */
  synchronized void present(long below) {
    presentTo = below - 1;
    next = below;
  }

  /** So many lines more are acknowledged, and with them everything below. */
  synchronized void done(long lines, long below) {
    done += lines;
    next = Math.max(next, below);
  }

  /** The server keeps a line aside. */
  synchronized void setAside(long number, String why) {
    setAside++;
    tell(setAside, number, "is not stored: the server keeps it in its rejected.ndjson: " + why);
  }

  private void tell(long count, long number, String what) {
    if (count <= TOLD_MAX) {
      say.accept("line " + number + ' ' + shortened(Printable.of(what)));
    } else if (count == TOLD_MAX + 1) {
      say.accept("and more, which are counted");
    }
  }

  private static String shortened(String text) {
    return text.length() <= WHY_CHARS_MAX ? text : text.substring(0, WHY_CHARS_MAX - 1) + '…';
  }

  /** Whether some line is not where it should be. */
  synchronized boolean isShort() {
    return unfit > 0 || setAside > 0;
  }

  /** Everything below is where it should be, or was told why not. */
  synchronized long next() {
    return next;
  }

  /** In one line; what there is none of is not named. */
  synchronized String words(String sent) {
    List<String> parts = new ArrayList<>();
    parts.add("%,d %s".formatted(Math.max(0, done - setAside), sent));
    if (there < 0) {
      add(parts, presentTo, "up to line %,d all was gone through before");
    } else {
      add(parts, there, "%,d were there already");
    }
    add(parts, unfit, "%,d could not be sent");
    add(parts, setAside, "%,d were set aside by the server");
    add(parts, ofServer, "%,d left out that a server had written itself");
    add(parts, notChosen, "%,d not chosen");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long count, String words) {
    if (count > 0) {
      parts.add(words.formatted(count));
    }
  }
}
