package dev.sluice.serde;

import dev.sluice.models.value.SlicedPicture;

/** An event with its picture cut into slices. Immutable. */
public record SlicedImage(ImageEvent event, SlicedPicture picture, StageTimings timings) {}
