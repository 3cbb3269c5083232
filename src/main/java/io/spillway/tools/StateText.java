package io.spillway.tools;

import io.spillway.journal.FileKind;
import io.spillway.journal.StateFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a small file of state says, read without touching it.
 *
 * @param json null if there is no such file, or none that can be believed
 * @param checked by its checksum; version 0.1 wrote none
 */
record StateText(JsonObject json, boolean checked) {
  private static final Pattern OLDER_POSITION = Pattern.compile("[0-9]{1,18}");
  private static final StateText NOTHING = new StateText(null, false);

  /** The small files, and what each has to say. */
  enum Kind {
    IDENTITY(true),
    POSITION(true),
    SEGMENTS(true),
    MARKS(true),
    DROPPED(false),
    ENDS(false),
    DELETED(false);

    private final boolean older;

    /**
     * @param older whether version 0.1 wrote it, too, which wrote no checksum
     */
    Kind(boolean older) {
      this.older = older;
    }

    private boolean isShapeOf(JsonObject json) {
      return switch (this) {
        case IDENTITY -> texts(json, "edge", "epoch");
        case POSITION -> texts(json, "edge", "epoch") && numbers(json, "next", "end");
        case SEGMENTS -> numbers(json, "first", "next");
        case MARKS -> json.getValue("marks") instanceof JsonObject;
        case DROPPED -> isDropped(json);
        case ENDS ->
            json.getValue("ends") instanceof JsonObject ends
                && ends.stream()
                    .allMatch(
                        each ->
                            each.getValue() instanceof JsonObject one
                                && numbers(one, "end")
                                && one.getValue("certain") instanceof Boolean);
        case DELETED -> numbers(json, "from", "below");
      };
    }

    private static boolean texts(JsonObject json, String... members) {
      return Stream.of(members).allMatch(member -> json.getValue(member) instanceof String);
    }

    private static boolean numbers(JsonObject json, String... members) {
      return Stream.of(members).allMatch(member -> json.getValue(member) instanceof Number);
    }

    private static boolean isDropped(JsonObject json) {
      return json.getValue("epochs") instanceof JsonObject epochs
          && epochs.stream()
              .allMatch(
                  each ->
                      each.getValue() instanceof JsonObject one
                          && numbers(one, "from")
                          && one.getValue("ranges") instanceof JsonArray bounds
                          && bounds.stream().allMatch(Number.class::isInstance));
    }
  }

  /** What is there and damaged, or cannot be read, is a problem in the book. */
  static StateText read(Path file, Kind kind, LedgerBook book) {
    try {
      FileKind.check(file);
      return parse(Files.readAllBytes(file), kind);
    } catch (NoSuchFileException none) {
      return NOTHING;
    } catch (IOException error) {
      book.problem(file, FileFault.words(error));
    } catch (IllegalArgumentException damaged) {
      book.problem(file, "damaged: " + damaged.getMessage() + "; not believed");
    } catch (RuntimeException notJson) {
      book.problem(file, "damaged: does not say what it should; not believed");
    }
    return NOTHING;
  }

  private static StateText parse(byte[] bytes, Kind kind) {
    StateFile.Opened said = StateFile.open(bytes);
    if (kind == Kind.POSITION && OLDER_POSITION.matcher(said.json().strip()).matches()) {
      return NOTHING; // a hint how far the server was, and no word of how far numbers went
    }
    JsonObject json = new JsonObject(said.json());
    if (!said.checked() && !kind.older) {
      throw new IllegalArgumentException("it has no checksum");
    }
    if (!kind.isShapeOf(json)) {
      throw new IllegalArgumentException("does not say what it should");
    }
    return new StateText(json, said.checked());
  }

  /** Whether it says anything that can be believed. */
  boolean isChecked() {
    return json != null && checked;
  }

  /** A number from 1 on; 1 if it does not say. */
  long number(String member) {
    Object value = json == null ? null : json.getValue(member);
    return value instanceof Number number ? Math.max(1, number.longValue()) : 1;
  }
}
