package dev.sluice.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a command line came to, run in this process. */
record CommandLineRun(int code, List<String> out, List<String> err) {

  static CommandLineRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CommandLineRun(
        code, out.toString().lines().toList(), err.toString().lines().toList());
  }
}
