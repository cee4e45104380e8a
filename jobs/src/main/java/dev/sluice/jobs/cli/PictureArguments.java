package dev.sluice.jobs.cli;

import dev.sluice.jobs.files.FileRun;
import dev.sluice.jobs.files.PictureFiles;
import dev.sluice.serde.Rejection;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pictures in, JSON lines out. Used by the main thread. */
final class PictureArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the JSON lines go; default: standard output.")
  private @Nullable Path out;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Pictures, or folders of them.")
  private List<Path> paths;

  /**
   * Runs the files and names each bad one.
   *
   * @return the exit code: 1 if anything was bad
   */
  int run(Work work) throws Exception {
    PictureFiles pictures = PictureFiles.of(paths);
    PrintWriter err = spec.commandLine().getErr();
    pictures.missing().forEach(err::println);
    if (out == null) {
      return run(work, pictures, spec.commandLine().getOut());
    }
    try (BufferedWriter file = Files.newBufferedWriter(out);
        PrintWriter lines = new PrintWriter(file)) {
      int code = run(work, pictures, lines);
      lines.flush();
      if (lines.checkError()) {
        throw new IOException("--out: cannot write to " + out);
      }
      return code;
    }
  }

  private int run(Work work, PictureFiles pictures, PrintWriter lines) throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, pictures.files().size());
    Lines sink = new Lines(lines, err, progress);
    progress.begin("loading the model");
    work.run(pictures.files(), sink);
    progress.end();
    return pictures.missing().isEmpty() && sink.rejected == 0 ? 0 : Failures.FAILED;
  }

  /** What is done with the files. */
  interface Work {
    void run(List<Path> files, FileRun.Sink sink) throws Exception;
  }

  /** Prints results as they come. Used by one thread. */
  private static final class Lines implements FileRun.Sink {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Progress progress;
    private int rejected;

    Lines(PrintWriter out, PrintWriter err, Progress progress) {
      this.out = out;
      this.err = err;
      this.progress = progress;
    }

    @Override
    public void result(String json) {
      progress.clear();
      out.println(json);
      out.flush();
      progress.done();
    }

    @Override
    public void rejection(Rejection rejection) {
      rejected++;
      progress.clear();
      String path = rejection.identity().eventId();
      String message = rejection.message();
      err.println(message.contains(path) ? message : path + ": " + message);
      progress.done();
    }
  }
}
