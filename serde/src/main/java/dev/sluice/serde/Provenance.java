package dev.sluice.serde;

import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.SlicePlan;
import java.util.Locale;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How a result came to be, so that it can be explained later. Immutable.
 *
 * @param adapter LoRA adapter, null for the base model
 * @param visualTokens how many tokens the picture became
 * @param degraded whether less of the picture was looked at than the model wants; by how much is in
 *     the plan
 * @param attempt 1 for the first
 */
@PublicEvolving
public record Provenance(
    ModelInfo model,
    @Nullable String adapter,
    String promptId,
    String promptVersion,
    SlicePlan slicePlan,
    int visualTokens,
    boolean degraded,
    StageTimings timings,
    CacheUse cache,
    int attempt) {

  /** The same origin for an event that was answered with another's result, without own work. */
  public Provenance reused(CacheUse how) {
    return new Provenance(
        model,
        adapter,
        promptId,
        promptVersion,
        slicePlan,
        visualTokens,
        degraded,
        StageTimings.NONE,
        how,
        1);
  }

  /** Whether a result was computed for its event or for an earlier one of the same picture. */
  public enum CacheUse {
    /** Computed for this event. */
    NONE,
    /** Taken from the cache of results. */
    HIT,
    /** Computed for another event while this one waited. */
    SHARED;

    /** As records carry it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException for any other word
     */
    public static CacheUse parse(String label) {
      for (CacheUse use : values()) {
        if (use.label().equals(label)) {
          return use;
        }
      }
      throw new IllegalArgumentException("cache: expected none, hit or shared, found another word");
    }
  }
}
