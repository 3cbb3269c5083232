package io.spillway;

import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said of a command line that cannot be read. An argument that nobody knows is not
 * repeated: it may be a token that somebody took for an option's value.
 */
final class WrongUsage implements IParameterExceptionHandler {
  private static final Pattern OPTION = Pattern.compile("(--?[A-Za-z][A-Za-z-]{0,30})(=.*)?");
  private static final Pattern FILE = Pattern.compile("[^=]{1,200}\\.json");

  @Override
  public int handleParseException(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("spillway: " + words(error));
    if (error instanceof UnmatchedArgumentException unmatched) {
      UnmatchedArgumentException.printSuggestions(unmatched, err);
    }
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String words(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return error instanceof MissingParameterException
          ? error.getMessage()
          : "the value of an option cannot be used";
    }
    String first = unmatched.getUnmatched().get(0);
    Matcher option = OPTION.matcher(first);
    if (option.matches()) {
      return "there is no option " + option.group(1);
    }
    return FILE.matcher(first).matches()
        ? "a configuration goes behind -conf: -conf " + first
        : "an argument is one too many, or no command";
  }
}
