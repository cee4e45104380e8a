package dev.sluice.operators.stage;

import dev.sluice.operators.device.ModelHandle;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;

/**
 * What one of the three steps does with a picture; the {@link StageOperator} does the rest.
 * Immutable.
 *
 * <p>The futures may fail with {@link dev.sluice.operators.device.ImageRejectedException}: the
 * picture becomes a rejection and the stream goes on. Any other failure fails the task.
 */
public interface Stage<IN, OUT> extends Serializable {

  /** Under which name its rejections go. */
  Rejection.Stage stage();

  /** How many steps come after this one. */
  int laterSteps();

  /** The event that the input was made of. */
  ImageEvent event(IN input);

  /** Whether the input lacks what this step works on, so that it has to be made again. */
  default boolean isUncut(IN input) {
    return false;
  }

  /** Makes the input again from its event, by the steps before this one. */
  CompletableFuture<IN> recover(ImageEvent event, ImageWork work);

  /** How long this step's own work on the picture took. */
  long workMicros(OUT output);

  /** Whether less of the picture was looked at than the model wants. */
  default boolean isDegraded(OUT output) {
    return false;
  }

  /** What of its admission a picture turned out not to need. */
  default long sparedBytes(OUT output, ModelHandle model) {
    return 0;
  }

  /** Does the step; called on any thread, must return at once. */
  CompletableFuture<OUT> process(IN input, ImageWork work);
}
