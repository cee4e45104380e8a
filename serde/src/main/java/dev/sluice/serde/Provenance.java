package dev.sluice.serde;

import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.SlicePlan;
import org.jspecify.annotations.Nullable;

/**
 * How a result came to be, so that it can be explained later. Immutable.
 *
 * @param adapter LoRA adapter, null for the base model
 * @param visualTokens how many tokens the picture became
 * @param degraded whether less was looked at than the plan without load would have
 * @param cache {@code none}, {@code hit} or {@code joined}
 * @param attempt 1 for the first
 */
public record Provenance(
    ModelInfo model,
    @Nullable String adapter,
    String promptId,
    String promptVersion,
    SlicePlan slicePlan,
    int visualTokens,
    boolean degraded,
    StageTimings timings,
    String cache,
    int attempt) {}
