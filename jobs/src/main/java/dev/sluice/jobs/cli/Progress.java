package dev.sluice.jobs.cli;

import java.io.PrintWriter;

/** One line that says how far the work is; silent where no one looks. Used by one thread. */
final class Progress {
  /** Set by the launcher when standard error is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("sluice.terminal");

  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final int total;
  private int done;

  Progress(PrintWriter err, int total) {
    this.err = err;
    this.total = total;
  }

  /** Says what goes on before the first is done. */
  void begin(String what) {
    if (TERMINAL) {
      err.print(CLEAR + what + " \u2026");
      err.flush();
    }
  }

  void clear() {
    if (TERMINAL) {
      err.print(CLEAR);
      err.flush();
    }
  }

  void done() {
    done++;
    if (TERMINAL) {
      err.print(CLEAR + done + " of " + total);
      err.flush();
    }
  }

  void end() {
    clear();
  }
}
