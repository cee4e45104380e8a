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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One user's hold on a model that is loaded once per process. Thread-safe; closing twice releases
 * once.
 *
 * <p>Every request names a way to tell that its result is no longer wanted; work that has not begun
 * by then is dropped.
 */
public final class ModelHandle implements AutoCloseable {
  private final DeviceThread device;
  private final ModelWorker worker;
  private final Executor slicing;
  private final Runnable release;
  private final ModelInfo info;
  private final Prompt captionPrompt;
  private final ImageCosts costs;
  private final PictureSlicer slicer;
  private final AtomicBoolean closed = new AtomicBoolean();

  ModelHandle(DeviceThread device, ModelWorker worker, Executor slicing, Runnable release) {
    this.device = device;
    this.worker = worker;
    this.slicing = slicing;
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

  /** The decoding threads of this process. */
  public Executor slicing() {
    return slicing;
  }

  public CompletableFuture<Timed<VisualTokens>> encode(
      SlicedPicture picture, BooleanSupplier abandoned) {
    return ask(picture, picture.plan().tileCount(), abandoned, worker::encode);
  }

  public CompletableFuture<Timed<GeneratedText>> generate(
      TextGenerator.Request request, BooleanSupplier abandoned) {
    return ask(request, 1, abandoned, worker::generate);
  }

  public CompletableFuture<Timed<LabelScores>> score(
      LabelScorer.Request request, BooleanSupplier abandoned) {
    return ask(request, 1, abandoned, worker::score);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  private <I, O> CompletableFuture<Timed<O>> ask(
      I input, int size, BooleanSupplier abandoned, Consumer<DeviceRequest<I, O>> queue) {
    DeviceRequest<I, O> request =
        new DeviceRequest<>(
            input, size, device.clock().getAsLong(), abandoned, new CompletableFuture<>());
    device.tell(() -> queue.accept(request));
    return request.result();
  }
}
