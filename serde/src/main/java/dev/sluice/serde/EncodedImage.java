package dev.sluice.serde;

import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.serde.flink.RecordTypes;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * An event with its picture as visual tokens, and the model that made them. Immutable.
 *
 * @param tokens null where the picture was not cut; see {@link SlicedImage#picture}
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfEncodedImage.class)
public record EncodedImage(
    ImageEvent event, @Nullable VisualTokens tokens, ModelInfo model, StageTimings timings) {

  /**
   * @throws IllegalStateException where the picture was not cut
   */
  public VisualTokens requireTokens() {
    return Objects.requireNonNullElseGet(
        tokens,
        () -> {
          throw new IllegalStateException("event " + event.eventId() + ": its picture is not cut");
        });
  }
}
