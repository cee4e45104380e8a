package dev.sluice.jobs.demo;

import dev.sluice.jobs.watch.TopicReader;
import dev.sluice.serde.Caption;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Locale;

/** Shows results as they come, and below them how far the work is. Thread-safe. */
final class DemoScreen implements TopicReader.Listener {
  /** Set by the launcher when standard error is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("sluice.terminal");

  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final DemoResults results;
  private final int total;

  DemoScreen(PrintWriter out, PrintWriter err, DemoResults results, int total) {
    this.out = out;
    this.err = err;
    this.results = results;
    this.total = total;
  }

  @Override
  public synchronized void caption(Caption caption) {
    results.add(caption);
    show(caption.identity().eventId(), "caption ", caption.text());
  }

  @Override
  public synchronized void verdict(Verdict verdict) {
    results.add(verdict);
    String scores =
        verdict.labels().stream()
            .max(Comparator.comparingDouble(Verdict.Label::score))
            .map(label -> String.format(Locale.ROOT, " (%s %.2f)", label.code(), label.score()))
            .orElse("");
    show(verdict.identity().eventId(), "verdict ", verdict.decision() + scores);
  }

  @Override
  public synchronized void rejection(Rejection rejection) {
    if (results.add(rejection)) {
      show(
          rejection.identity().eventId(),
          "rejected",
          rejection.category() + ": " + rejection.message());
    }
  }

  /** Tells the user something that is no result. */
  synchronized void say(String words) {
    clear();
    err.println(words);
    err.flush();
  }

  synchronized void clear() {
    if (TERMINAL) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private void show(String eventId, String what, String words) {
    clear();
    out.println(eventId + "  " + what + "  " + words);
    out.flush();
    if (TERMINAL) {
      DemoResults.Snapshot now = results.snapshot();
      err.print(
          "%d captions, %d verdicts, %d rejected of %d"
              .formatted(now.captions(), now.verdicts(), now.rejected(), total));
      err.flush();
    }
  }
}
