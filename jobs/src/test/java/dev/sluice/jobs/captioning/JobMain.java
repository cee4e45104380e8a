package dev.sluice.jobs.captioning;

import dev.sluice.jobs.SluiceJobs;
import java.io.IOException;

/** A job in a child JVM that ends with the test. */
public final class JobMain {
  private JobMain() {}

  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(JobMain::endWithTheParent, "watch-parent");
    watch.setDaemon(true);
    watch.start();
    SluiceJobs.main(args);
  }

  private static void endWithTheParent() {
    try {
      while (System.in.read() >= 0) {
        // Only the end matters.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    Runtime.getRuntime().halt(0);
  }
}
