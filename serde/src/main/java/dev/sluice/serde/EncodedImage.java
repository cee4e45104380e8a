package dev.sluice.serde;

import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.serde.flink.RecordTypes;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/** An event with its picture as visual tokens, and the model that made them. Immutable. */
@TypeInfo(RecordTypes.OfEncodedImage.class)
public record EncodedImage(
    ImageEvent event, VisualTokens tokens, ModelInfo model, StageTimings timings) {}
