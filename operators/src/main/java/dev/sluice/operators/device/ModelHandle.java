package dev.sluice.operators.device;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.operators.poison.PoisonGuard;
import dev.sluice.operators.poison.Suspect;
import dev.sluice.serde.Rejection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One user's hold on a model that is loaded once per process. Thread-safe; closing twice releases
 * once.
 *
 * <p>Every request says which picture it is for: nothing is begun for one that is poison, or that
 * nobody wants any more.
 */
public final class ModelHandle implements AutoCloseable {
  private final DeviceThread device;
  private final ModelWorker worker;
  private final Executor slicing;
  private final PoisonGuard guard;
  private final Runnable release;
  private final ModelInfo info;
  private final Prompt captionPrompt;
  private final ImageCosts costs;
  private final PictureSlicer slicer;
  private final AtomicBoolean closed = new AtomicBoolean();

  ModelHandle(
      DeviceThread device,
      ModelWorker worker,
      Executor slicing,
      PoisonGuard guard,
      Runnable release) {
    this.device = device;
    this.worker = worker;
    this.slicing = slicing;
    this.guard = guard;
    this.release = release;
    this.info = worker.model().info();
    this.captionPrompt = worker.model().captionPrompt();
    this.costs = worker.model().costs();
    this.slicer = worker.model().slicer();
  }

  public ModelInfo info() {
    return info;
  }

  /** What the model is asked for a caption where nobody says otherwise. */
  public Prompt captionPrompt() {
    return captionPrompt;
  }

  public ImageCosts costs() {
    return costs;
  }

  public PictureSlicer slicer() {
    return slicer;
  }

  /**
   * Runs native work on a decoding thread.
   *
   * @param work what else than the device works on a picture: reads it, cuts it
   */
  public <T> CompletableFuture<T> slice(Subject subject, Callable<T> work) {
    // Its hash takes a while where the picture is large: not on the thread that asks.
    return onDecodingThread(() -> suspect(subject, Rejection.Stage.SLICE))
        .thenCompose(
            suspect ->
                admit(
                    suspect,
                    () ->
                        onDecodingThread(
                            () -> {
                              try (var named = guard.name(List.of(suspect))) {
                                return work.call();
                              }
                            })));
  }

  public CompletableFuture<Timed<VisualTokens>> encode(SlicedPicture picture, Subject subject) {
    return ask(
        picture, picture.plan().tileCount(), subject, Rejection.Stage.ENCODE, worker::encode);
  }

  public CompletableFuture<Timed<GeneratedText>> generate(
      TextGenerator.Request request, Subject subject) {
    return ask(request, 1, subject, Rejection.Stage.DECODE, worker::generate);
  }

  public CompletableFuture<Timed<LabelScores>> score(LabelScorer.Request request, Subject subject) {
    return ask(request, 1, subject, Rejection.Stage.DECODE, worker::score);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  private <I, O> CompletableFuture<Timed<O>> ask(
      I input,
      int size,
      Subject subject,
      Rejection.Stage work,
      Consumer<DeviceRequest<I, O>> queue) {
    Suspect suspect = Suspect.of(subject.event(), work);
    return admit(
        suspect,
        () -> {
          DeviceRequest<I, O> request =
              new DeviceRequest<>(
                  input,
                  size,
                  device.clock().getAsLong(),
                  suspect,
                  subject.terms(),
                  new CompletableFuture<>());
          device.tell(() -> queue.accept(request));
          return request.result();
        });
  }

  private <T> CompletableFuture<T> admit(Suspect suspect, Supplier<CompletableFuture<T>> work) {
    if (guard.isPoison(suspect)) {
      return CompletableFuture.failedFuture(
          new ImageRejectedException(
              Rejection.Category.POISON,
              "picture: %d processes have ended while %s worked on it, the last on it alone"
                  .formatted(
                      guard.deathsOf(suspect), suspect.work().name().toLowerCase(Locale.ROOT))));
    }
    return guard.admit(suspect, work);
  }

  private static Suspect suspect(Subject subject, Rejection.Stage work) {
    if (subject.abandoned().getAsBoolean()) {
      throw new CancellationException("the operator was closed");
    }
    return Suspect.of(subject.event(), work);
  }

  private <T> CompletableFuture<T> onDecodingThread(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    slicing.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }
}
