package io.spillway.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code rejected.ndjson} has set aside, with its reason. A line is of a record if its topic
 * is the record's {@code _id}; version 0.1 wrote {@code <edge>.<epoch>} at the server, and the
 * {@code _id} is in the payload then. All others were rejected before they had a number.
 */
final class RejectedLines implements FileLines.Sink {
  private static final List<String> FILES = List.of("rejected.1.ndjson", "rejected.ndjson");
  private static final int REASON_MAX = 80;
  private static final int TAIL_CHARS = 400; // of base64: longer than any _id
  private static final Pattern ID =
      Pattern.compile("([^.\\s]+(?:\\.[^.\\s]+)+)\\.([1-9][0-9]{0,17})");
  private static final Pattern ID_AT_END =
      Pattern.compile(",\"_id\":\"([^\"]+)\\.([1-9][0-9]{0,17})\"}\\z");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final LedgerBook book;
  private final FileLines files;
  private Path file;
  private long line;
  private long unnumbered;

  RejectedLines(LedgerBook book, FileLines files) {
    this.book = book;
    this.files = files;
  }

  /**
   * Reads those of a directory.
   *
   * @return how many lines are of what never had a number
   */
  long read(Path dir) throws InterruptedException {
    for (String name : FILES) {
      file = dir.resolve(name);
      line = 0;
      try {
        files.read(files.open(file), this);
        book.files++;
      } catch (NoSuchFileException none) {
        // Nothing was set aside.
      } catch (IOException error) {
        problem(FileFault.words(error));
      }
    }
    return unnumbered;
  }

  @Override
  public void line(byte[] bytes, int from, int to) {
    line++;
    String topic = "";
    String reason = "";
    String payload = "";
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      if (from == to || parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      String name;
      while ((name = parser.nextFieldName()) != null) {
        parser.nextToken();
        switch (name) {
          case "topic" -> topic = parser.getText();
          case "reason" -> reason = parser.getText();
          case "payload" -> payload = parser.getText();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException torn) {
      book.note(file, "line " + line + " is torn: what it had set aside is not known");
      return;
    }
    enter(topic, shortened(reason), payload);
  }

  private static String shortened(String reason) {
    return reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX - 1) + "…";
  }

  private void enter(String topic, String reason, String payload) {
    Matcher id = ID.matcher(topic);
    Matcher stamped = ID_AT_END.matcher(tail(payload));
    boolean both = stamped.find() && isOf(topic, stamped) && book.knows(stamped.group(1));
    if (both) {
      book.of(stamped.group(1)).setAside(Long.parseLong(stamped.group(2)), reason);
    } else if (id.matches() && book.knows(id.group(1))) {
      book.of(id.group(1)).setAside(Long.parseLong(id.group(2)), reason);
    } else if (book.epochs.containsKey(topic)) {
      book.of(topic).setAsideUntold();
    } else {
      unnumbered++;
    }
  }

  private static boolean isOf(String topic, Matcher stamped) {
    String series = stamped.group(1);
    return topic.equals(series) || topic.equals(series + '.' + stamped.group(2));
  }

  /** The end of what base64 text says. */
  private static String tail(String base64) {
    int from = Math.max(0, base64.length() - TAIL_CHARS);
    from += (base64.length() - from) % 4; // whole groups of four
    try {
      byte[] bytes = Base64.getDecoder().decode(base64.substring(from));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }

  @Override
  public void unfinished(int bytes) {
    book.note(file, "ends in an unfinished line");
  }

  @Override
  public void problem(String why) {
    book.problem(file, why);
  }
}
