package dev.sluice.serde;

import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.VisualTokens;

/** An event with its picture as visual tokens, and the model that made them. Immutable. */
public record EncodedImage(
    ImageEvent event, VisualTokens tokens, ModelInfo model, StageTimings timings) {}
