package io.spillway.bus;

import io.spillway.journal.Damages;
import io.spillway.journal.JournalFailure;

/**
 * Why something does not work.
 *
 * @param kind of what sort
 * @param words for a person; behind the first semicolon they may say what to do about it; empty if
 *     there is no fault
 */
public record Fault(FaultKind kind, String words) {
  /** All is well. */
  public static final Fault NONE = new Fault(FaultKind.OTHER, "");

  /** Behind the first of these the words say what to do. */
  private static final String CURE = "; ";

  /** What helps with a disk that neither is full nor forbids it. */
  private static final String LOOK =
      "; see what stands in place of that file, and whether its disk is well; it goes on by itself";

  /**
   * As a peer tells it.
   *
   * @param kind what it calls the kind; null or unknown: it is guessed from the words
   */
  public static Fault told(String kind, String words) {
    return words.isEmpty()
        ? NONE
        : new Fault(FaultKind.called(kind).orElseGet(() -> FaultWords.kindOf(words)), words);
  }

  /** Of a disk that did not take something: what helps depends on why. */
  public static Fault disk(Throwable error) {
    FaultKind kind =
        switch (JournalFailure.kindOf(error)) {
          case DISK_FULL -> FaultKind.DISK;
          case READ_ONLY -> FaultKind.FORBIDDEN;
          case IO, CLOSED -> FaultKind.OTHER;
        };
    return new Fault(kind, JournalFailure.words(error) + (kind == FaultKind.OTHER ? LOOK : ""));
  }

  /** Of a peer that says nothing. */
  public static Fault noAnswer(String address, long withinMs) {
    return new Fault(FaultKind.TIMEOUT, address + ": no answer within " + withinMs + " ms");
  }

  /** Of files that were found damaged: all works, and somebody has to look at them. */
  public static Fault damaged(Damages damages) {
    return new Fault(FaultKind.DAMAGED, damages.words());
  }

  /** What is wrong, without what helps. */
  public String trouble() {
    int at = words.indexOf(CURE);
    return at < 0 ? words : words.substring(0, at);
  }

  /** What helps: as the words say it, or else what helps with most of its kind. */
  public String cure() {
    int at = words.indexOf(CURE);
    String told = at < 0 ? "" : words.substring(at + CURE.length()).strip();
    return told.isEmpty() ? kind.cure() : told;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return words.isEmpty();
  }

  /** The same kind, in other words. */
  public Fault as(String other) {
    return new Fault(kind, other);
  }

  /** This one, or the other if there is none. */
  public Fault or(Fault other) {
    return isEmpty() ? other : this;
  }

  /** An error with which a future fails that says so. */
  public Failure failure() {
    return new Failure(this);
  }

  /** An error whose fault is known. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Fault fault;

    Failure(Fault fault) {
      super(fault.words(), null, false, false);
      this.fault = fault;
    }

    public Fault fault() {
      return fault;
    }
  }
}
