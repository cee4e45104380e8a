package dev.sluice.jobs.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** What the command line asks of the demo. Stateless. */
public final class DemoRun {
  private DemoRun() {}

  /** When a demo ends. */
  public enum Ending {
    /** When all results are in. */
    WITH_THE_LAST_RESULT,
    /** With the process, for example by Ctrl-C. */
    WHEN_STOPPED
  }

  /**
   * What is to be shown. Immutable.
   *
   * @param images how many pictures in all
   * @param folder whose files are sent too
   * @param model in place of the one that comes with the program
   */
  public record Request(
      OptionalInt images, Optional<Path> folder, Optional<OwnModel> model, Ending ending) {}

  /**
   * A model of the user's own. Immutable.
   *
   * @param folder as published
   * @param policy that it judges by
   */
  public record OwnModel(Path folder, Path policy) {}

  /**
   * Runs a demo to its end.
   *
   * @throws Exception with one sentence if not every picture got its answers
   */
  public static void run(Request request, PrintWriter out, PrintWriter err) throws Exception {
    DemoPictures pictures =
        request
            .folder()
            .map(folder -> DemoPictures.of(folder, request.images()))
            .orElseGet(() -> DemoPictures.scenes(request.images()));
    if (pictures.total() == 0) {
      throw new IllegalArgumentException(
          "folder %s: expected at least one file".formatted(request.folder().orElseThrow()));
    }
    Demo demo = new Demo(pictures, request, out, err);
    Thread atExit = new Thread(demo::stop, "demo-stop");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      demo.run();
    } finally {
      if (!demo.isStopping()) {
        Runtime.getRuntime().removeShutdownHook(atExit);
      }
    }
  }
}
