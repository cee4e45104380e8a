package dev.sluice.operators.policy;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.RgbImage;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.Subject;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.stage.ImageServices;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the model a policy's question about a black picture. Whatever a family cannot work with
 * (options that begin alike, answers that it does not know, too many words) shows there, and not in
 * the stream.
 */
final class ModelCheck implements PolicyCheck {
  /** Cut into as many slices as any: the question must fit beside them. */
  private static final int SIDE = 1344;

  private static final long NO_FILE = 0;

  private final ImageServices services;
  private final BooleanSupplier abandoned;

  private ModelCheck(ImageServices services, BooleanSupplier abandoned) {
    this.services = services;
    this.abandoned = abandoned;
  }

  /**
   * Waits until the model is loaded.
   *
   * @param abandoned whether answers are no longer wanted
   */
  static ModelCheck open(ModelRef model, VisionOptions options, BooleanSupplier abandoned)
      throws IOException, InterruptedException {
    return new ModelCheck(ImageServices.open(Workload.of(model), options, 0, abandoned), abandoned);
  }

  @Override
  public void check(ModerationPolicy policy) throws Exception {
    ImageEvent event = event(policy);
    CompletableFuture<Admission> admitted = services.desk().admit(NO_FILE, abandoned);
    try (Admission admission = admitted.get()) {
      ask(policy, new Subject(event, abandoned)).get();
    } catch (ExecutionException e) {
      throw reasonOf(e.getCause(), policy);
    }
  }

  private CompletableFuture<?> ask(ModerationPolicy policy, Subject subject) {
    ModelHandle model = services.work().model();
    RgbImage black = new RgbImage(SIDE, SIDE, new byte[SIDE * SIDE * 3]);
    LabelQuestion question =
        new LabelQuestion(
            new Prompt(policy.id(), policy.version(), policy.question()), policy.options());
    return model
        .slice(subject, () -> model.slicer().slice(black))
        .thenCompose(sliced -> model.encode(sliced, subject))
        .thenCompose(
            tokens -> model.score(new LabelScorer.Request(tokens.value(), question), subject));
  }

  /** Stands for the policy in the crash journal, should the question end the process. */
  private static ImageEvent event(ModerationPolicy policy) {
    String name = "policy " + policy.id() + " " + policy.version();
    return ImageEvent.of(
            EventIdentity.of(name, Instant.EPOCH),
            Picture.ofBytes(policy.toString().getBytes(StandardCharsets.UTF_8), null))
        .with(new ImageRequest(null, null, Map.of(), Integer.MAX_VALUE, null, 0));
  }

  /** What is the device's trouble, not the policy's, is thrown as it is. */
  private static Exception reasonOf(@Nullable Throwable cause, ModerationPolicy policy) {
    boolean outOfMemory =
        cause instanceof ImageRejectedException rejected
            && rejected.category() == Category.OUT_OF_MEMORY;
    if (cause instanceof RuntimeException failure
        && !outOfMemory
        && !(cause instanceof CancellationException)) {
      return new IllegalArgumentException(
          "policy '%s' version '%s': the model cannot be asked it: %s"
              .formatted(policy.id(), policy.version(), failure.getMessage()),
          failure);
    }
    return new IOException(
        "policy '%s' version '%s': could not be checked".formatted(policy.id(), policy.version()),
        cause);
  }

  @Override
  public void close() {
    services.close();
  }
}
