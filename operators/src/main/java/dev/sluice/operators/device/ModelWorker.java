package dev.sluice.operators.device;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.operators.device.DeviceMeters.Work;
import dev.sluice.operators.memory.CostCorrection;
import dev.sluice.operators.poison.PoisonGuard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One loaded model and the work that waits for it. Owned by the device thread. */
final class ModelWorker {
  private final VisionLanguageModel model;
  private final StepPolicy policy;
  private final LongSupplier nanoTime;
  private final DeviceMeters meters;
  private final BatchQueue<SlicedPicture, VisualTokens> encodes = new BatchQueue<>();
  private final BatchQueue<LabelScorer.Request, LabelScores> scores = new BatchQueue<>();
  private final BatchLimit encodeLimit;
  private final BatchLimit scoreLimit;
  private final HalvingBatch<SlicedPicture, VisualTokens> encoding;
  private final HalvingBatch<LabelScorer.Request, LabelScores> scoring;
  private final @Nullable GenerationWork generation;
  private StepPolicy.Step last = StepPolicy.Step.GENERATE;
  private boolean closed;

  /**
   * @param sequences most texts that are generated at once
   * @param correction of the estimates by which pictures are admitted
   */
  ModelWorker(
      VisionLanguageModel model,
      StepPolicy policy,
      int sequences,
      CostCorrection correction,
      DeviceMeters meters,
      PoisonGuard guard) {
    this.model = model;
    this.policy = policy;
    this.meters = meters;
    this.nanoTime = meters.nanoTime();
    this.encodeLimit = new BatchLimit(correction);
    this.scoreLimit = new BatchLimit(correction);
    this.encoding =
        new HalvingBatch<>("encode", model.encoder()::encode, encodeLimit, nanoTime, guard);
    this.scoring = new HalvingBatch<>("decode", this::score, scoreLimit, nanoTime, guard);
    this.generation =
        model
            .generator()
            .map(
                generator ->
                    new GenerationWork(
                        generator,
                        new StepBytes(model.arithmetic().text(), model.info().dtype()),
                        sequences,
                        new BatchLimit(correction),
                        meters,
                        guard))
            .orElse(null);
  }

  VisionLanguageModel model() {
    return model;
  }

  void encode(DeviceRequest<SlicedPicture, VisualTokens> request) {
    if (closed) {
      request.fail(gone());
    } else {
      encodes.add(request);
    }
  }

  void score(DeviceRequest<LabelScorer.Request, LabelScores> request) {
    if (closed) {
      request.fail(gone());
    } else {
      scores.add(request);
    }
  }

  void generate(DeviceRequest<TextGenerator.Request, GeneratedText> request) {
    if (closed) {
      request.fail(gone());
    } else if (generation == null) {
      request.fail(cannot("write text"));
    } else {
      generation.add(request);
    }
  }

  /** Takes one step if any is due, and says whether it did. */
  boolean step() {
    Optional<StepPolicy.Step> next = policy.next(pending(), last);
    next.ifPresent(this::run);
    return next.isPresent();
  }

  /** How long until a step is due, where none is now. */
  long waitNanos() {
    return policy.waitNanos(pending());
  }

  /** Ends what waits and what is still to come, and closes the model. */
  void close() {
    closed = true;
    encodes.take(Integer.MAX_VALUE).forEach(request -> request.fail(gone()));
    scores.take(Integer.MAX_VALUE).forEach(request -> request.fail(gone()));
    if (generation != null) {
      generation.failAll(gone());
    }
    encodeLimit.forget();
    scoreLimit.forget();
    model.close();
  }

  private void run(StepPolicy.Step step) {
    last = step;
    switch (step) {
      case ENCODE -> meters.clock(Work.ENCODE).during(this::encodeBatch);
      case SCORE -> meters.clock(Work.SCORE).during(this::scoreBatch);
      case GENERATE -> meters.clock(Work.GENERATE).during(this::generateStep);
    }
  }

  private void encodeBatch() {
    List<DeviceRequest<SlicedPicture, VisualTokens>> batch = encodes.take(fullSize(encodeLimit));
    encoding.run(batch);
    meters.encoded(
        batch.size(),
        batch.stream().mapToInt(DeviceRequest::size).sum(),
        batch.stream()
            .mapToLong(request -> model.arithmetic().encodeOperations(request.input().plan()))
            .sum());
  }

  private void scoreBatch() {
    scoring.run(scores.take(fullSize(scoreLimit)));
  }

  private void generateStep() {
    if (generation != null) {
      generation.step();
    }
  }

  private StepPolicy.Pending pending() {
    long now = nanoTime.getAsLong();
    return new StepPolicy.Pending(
        new StepPolicy.Waiting(encodes.size(), fullSize(encodeLimit), now - encodes.oldestNanos()),
        new StepPolicy.Waiting(scores.size(), fullSize(scoreLimit), now - scores.oldestNanos()),
        generation == null ? StepPolicy.Texts.NONE : generation.texts());
  }

  private int fullSize(BatchLimit limit) {
    return limit.of(policy.batches().maxTiles());
  }

  private List<LabelScores> score(List<LabelScorer.Request> requests) {
    return model.scorer().orElseThrow(() -> cannot("score labels")).score(requests);
  }

  private static CancellationException gone() {
    return new CancellationException("the model was closed");
  }

  private UnsupportedOperationException cannot(String what) {
    return new UnsupportedOperationException(
        "model %s (%s) cannot %s; use one that can"
            .formatted(model.info().revision(), model.info().family(), what));
  }
}
