package dev.sluice.operators.poison;

import dev.sluice.operators.PoisonOptions;
import dev.sluice.operators.poison.Deaths.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user's hold on the watch that this process keeps over its native work. Thread-safe; closing
 * twice releases once.
 *
 * <p>Native work names its pictures in the crash journal while it runs. A picture that was named
 * when a process died is worked on alone from then on, until it has got through or has ended a
 * process once more (docs/decisions/0021-poison-is-condemned-alone.md). A folder that cannot be
 * used costs the watch, not the stream.
 */
public final class PoisonGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PoisonGuard.class);
  private static final Map<PoisonOptions, Watch> SHARED = new HashMap<>();

  private final Watch watch;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PoisonGuard(Watch watch, Runnable release) {
    this.watch = watch;
    this.release = release;
  }

  /** Becomes a user; the first begins the journal, the last to close ends it. */
  public static PoisonGuard of(PoisonOptions options) {
    synchronized (SHARED) {
      Watch shared = SHARED.computeIfAbsent(options, Watch::begin);
      shared.users++;
      return new PoisonGuard(shared, () -> leave(options, shared));
    }
  }

  private static void leave(PoisonOptions options, Watch shared) {
    synchronized (SHARED) {
      shared.users--;
      if (shared.users == 0) {
        SHARED.remove(options);
        shared.end();
      }
    }
  }

  /** Takes note of the processes that have died since. Reads files. */
  public void recall() {
    watch.change(JournalFolder::recall);
  }

  /** Whether a picture has ended processes, and is not to be touched again. */
  public boolean isPoison(Suspect suspect) {
    return watch.deaths.verdictOn(suspect) == Verdict.POISON;
  }

  /** How many processes have died with it. */
  public int deathsOf(Suspect suspect) {
    return watch.deaths.of(suspect);
  }

  /**
   * Begins the work when it may: at once as a rule, with nothing else in native hands where the
   * picture is suspected.
   *
   * @param work must end in any case, and not wait for work that is yet to be admitted
   */
  public <T> CompletableFuture<T> admit(Suspect suspect, Supplier<CompletableFuture<T>> work) {
    boolean alone = watch.deaths.verdictOn(suspect) != Verdict.FREE;
    return watch
        .gate
        .enter(alone)
        .thenCompose(
            turn ->
                begin(work)
                    .whenComplete(
                        (value, failure) -> {
                          if (alone && !isCancelled(failure)) {
                            watch.change(folder -> folder.clear(suspect));
                          }
                          watch.gate.leave();
                        }));
  }

  /** Names pictures in the journal until the result is closed; around native work. */
  public Named name(Collection<Suspect> suspects) {
    CrashJournal journal = watch.journal;
    return journal == null ? () -> {} : journal.name(suspects);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  private static <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static boolean isCancelled(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof CancellationException;
  }

  /** Pictures that are named until it is closed. */
  @FunctionalInterface
  public interface Named extends AutoCloseable {
    @Override
    void close();
  }

  /** What all users share. */
  private static final class Watch {
    private final NativeGate gate = new NativeGate();
    private final @Nullable JournalFolder folder;
    private final @Nullable CrashJournal journal;
    private final Thread atExit = new Thread(this::endJournal, "sluice-crash-journal");
    private volatile Deaths deaths = Deaths.NONE;
    private int users;

    private Watch(@Nullable JournalFolder folder, @Nullable CrashJournal journal) {
      this.folder = folder;
      this.journal = journal;
      if (journal != null) {
        // Never a job's, which must not be kept.
        atExit.setContextClassLoader(PoisonGuard.class.getClassLoader());
        Runtime.getRuntime().addShutdownHook(atExit);
      }
    }

    static Watch begin(PoisonOptions options) {
      Path path = options.folder();
      try {
        JournalFolder folder = new JournalFolder(path, options.retention(), InstantSource.system());
        return new Watch(folder, folder.begin());
      } catch (IOException e) {
        LOG.warn(
            "crash journal: {} cannot be used, a picture that ends the process will end the next"
                + " one too; sluice.poison.folder names another",
            path,
            e);
        return new Watch(null, null);
      }
    }

    private void change(Change change) {
      if (folder == null) {
        return;
      }
      try {
        deaths = change.of(folder);
      } catch (IOException e) {
        LOG.warn("crash journals in {}: cannot be read or written", folder, e);
      }
    }

    private void end() {
      endJournal();
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        // The process is ending anyway.
      }
    }

    /** An end in order is no death, whatever is in native hands. */
    private void endJournal() {
      if (folder == null || journal == null) {
        return;
      }
      try {
        folder.end(journal);
      } catch (IOException e) {
        LOG.warn("crash journal {}: cannot be ended", journal.file(), e);
      }
    }
  }

  /** Something that changes what is remembered. */
  private interface Change {
    Deaths of(JournalFolder folder) throws IOException;
  }
}
