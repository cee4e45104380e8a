package dev.sluice.operators.stage;

import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.reuse.FieldDigest;
import dev.sluice.operators.reuse.ResultKey;
import dev.sluice.serde.ImageEvent;
import java.util.Optional;

/** What an event's result depends on beside its picture, as a digest. Thread-safe. */
final class Questions {
  private final ReusableStage<?, ?> stage;
  private final ModelHandle model;
  private final String modelSettings;

  /**
   * @param modelSettings digest of all that bears on the model's results
   */
  Questions(ReusableStage<?, ?> stage, ModelHandle model, String modelSettings) {
    this.stage = stage;
    this.model = model;
    this.modelSettings = modelSettings;
  }

  /** Nothing where the event must be worked on. */
  Optional<String> of(ImageEvent event) {
    return stage
        .question(event, model)
        .map(
            asked -> {
              // A declared media type that is not the picture's is a reason to reject it.
              FieldDigest digest =
                  new FieldDigest()
                      .add(modelSettings)
                      .add(event.picture().mediaType())
                      .add(String.valueOf(event.request().maxSlices()));
              asked.forEach(digest::add);
              return digest.hex();
            });
  }

  /** Nothing where the event must be worked on. */
  Optional<ResultKey> keyOf(ImageEvent event) {
    return of(event).flatMap(question -> ResultKey.of(event, question));
  }
}
