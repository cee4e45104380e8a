package dev.sluice.jobs.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the user reads when something goes wrong: one sentence. Stateless. */
final class Failures {
  /** Something was given that cannot be used, or the work failed. */
  static final int FAILED = 1;

  /** The command line itself was wrong. */
  static final int BAD_USAGE = 2;

  private static final String DETAILS = "sluice.debug";

  private Failures() {}

  @SuppressWarnings("unused") // picocli's signature
  static int badUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .println(
            command.getCommandSpec().qualifiedName()
                + ": "
                + oneSentence(String.valueOf(e.getMessage())));
    return BAD_USAGE;
  }

  @SuppressWarnings("unused") // picocli's signature
  static int failed(Exception e, CommandLine command, ParseResult result) {
    command
        .getErr()
        .println(command.getCommandSpec().qualifiedName() + ": " + oneSentence(reason(e)));
    if (Boolean.getBoolean(DETAILS)) {
      e.printStackTrace(command.getErr());
    }
    return FAILED;
  }

  /** The deepest message, which is where Flink hides the reason. */
  static String reason(Throwable e) {
    Throwable deepest = e;
    String message = e.getMessage();
    for (int depth = 0; depth < 32 && deepest.getCause() != null; depth++) {
      deepest = deepest.getCause();
      if (deepest.getMessage() != null) {
        message = deepest.getMessage();
      }
    }
    return message == null ? deepest.getClass().getSimpleName() : message;
  }

  private static String oneSentence(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
