package dev.sluice.serde;

import dev.sluice.models.value.SlicedPicture;
import dev.sluice.serde.flink.RecordTypes;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/** An event with its picture cut into slices. Immutable. */
@TypeInfo(RecordTypes.OfSlicedImage.class)
public record SlicedImage(ImageEvent event, SlicedPicture picture, StageTimings timings) {}
