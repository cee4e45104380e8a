package dev.sluice.serde;

import dev.sluice.models.value.GeneratedText;
import dev.sluice.serde.flink.RecordTypes;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the model wrote about a picture. Immutable.
 *
 * @param language BCP 47 tag, null where unknown
 * @param tokenCount generated tokens
 * @param meanLogprob mean natural logarithm of the tokens' probabilities
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfCaption.class)
public record Caption(
    EventIdentity identity,
    String text,
    @Nullable String language,
    GeneratedText.FinishReason finishReason,
    int tokenCount,
    double meanLogprob,
    Provenance provenance) {}
