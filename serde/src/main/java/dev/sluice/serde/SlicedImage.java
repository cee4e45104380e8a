package dev.sluice.serde;

import dev.sluice.models.value.SlicedPicture;
import dev.sluice.serde.flink.RecordTypes;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * An event with its picture cut into slices. Immutable.
 *
 * @param picture null where the picture was not cut, because the results of an earlier event of the
 *     same picture are known or under way; only with {@code sluice.cache.enabled}
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfSlicedImage.class)
public record SlicedImage(ImageEvent event, @Nullable SlicedPicture picture, StageTimings timings) {

  /** An event whose picture need not be cut. */
  public static SlicedImage uncut(ImageEvent event) {
    return new SlicedImage(event, null, StageTimings.NONE);
  }

  /**
   * @throws IllegalStateException where the picture was not cut
   */
  public SlicedPicture requirePicture() {
    return Objects.requireNonNullElseGet(
        picture,
        () -> {
          throw new IllegalStateException("event " + event.eventId() + ": its picture is not cut");
        });
  }
}
