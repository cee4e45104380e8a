package dev.sluice.operators.decode;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.operators.stage.ReusableStage;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Provenance;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.StageTimings;
import java.util.concurrent.CompletableFuture;

/** What captions and verdicts have in common. Immutable. */
abstract class DecodeStage<OUT> implements ReusableStage<EncodedImage, OUT> {
  private static final long serialVersionUID = 1L;

  @Override
  public final Rejection.Stage stage() {
    return Rejection.Stage.DECODE;
  }

  @Override
  public final int laterSteps() {
    return 0;
  }

  @Override
  public final ImageEvent event(EncodedImage input) {
    return input.event();
  }

  @Override
  public final boolean isUncut(EncodedImage input) {
    return input.tokens() == null;
  }

  @Override
  public CompletableFuture<EncodedImage> recover(ImageEvent event, ImageWork work) {
    return work.slice(event).thenCompose(work::encode);
  }

  static Provenance provenance(EncodedImage image, Prompt prompt, long decodeMicros) {
    StageTimings before = image.timings();
    StageTimings timings =
        new StageTimings(
            before.readMicros(), before.sliceMicros(), before.encodeMicros(), decodeMicros);
    return new Provenance(
        image.model(),
        null,
        prompt.id(),
        prompt.version(),
        image.requireTokens().plan(),
        image.requireTokens().rows(),
        image.requireTokens().plan().isDegraded(),
        timings,
        Provenance.CacheUse.NONE,
        1);
  }
}
