package io.spillway.tools;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Options that can be read and mean nothing together, or name what is not there. The message names
 * option and cure, and repeats at most a path.
 */
public final class Misuse extends ParameterException {
  private static final long serialVersionUID = 1L;

  /** Of a command, in words for a person. */
  public Misuse(CommandLine command, String message) {
    super(command, message);
  }
}
