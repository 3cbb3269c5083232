package io.spillway;

import io.spillway.tools.Misuse;
import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
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

  /** Its own message repeats the value. */
  private static String unusable(ParameterException error) {
    return error instanceof OverwrittenOptionException twice
        ? name(twice.getOverwritten()) + " is given more than once"
        : "the value of " + name(error.getArgSpec()) + " cannot be used";
  }

  private static String name(ArgSpec of) {
    return of instanceof OptionSpec option ? option.longestName() : "an option";
  }

  private static String words(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      boolean harmless = error instanceof MissingParameterException || error instanceof Misuse;
      return harmless ? error.getMessage() : unusable(error);
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
