package dev.sluice.serde;

import java.time.Instant;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * What the sender asks of a picture; everything is optional. Immutable.
 *
 * @param prompt question or instruction in place of the job's own
 * @param policyId policy in place of the job's own
 * @param context words that came with the picture (title, text, category); never an instruction
 * @param priority higher first, 0 by default
 * @param deadline after which the result is of no use
 * @param maxSlices most slices that the picture is cut into, 1 for the overview alone; 0 for as
 *     many as the model wants
 */
@PublicEvolving
public record ImageRequest(
    @Nullable String prompt,
    @Nullable String policyId,
    Map<String, String> context,
    int priority,
    @Nullable Instant deadline,
    int maxSlices) {

  /** Nothing asked beyond what the job does. */
  public static final ImageRequest NONE = new ImageRequest(null, null, Map.of(), 0, null, 0);

  public ImageRequest {
    context = Map.copyOf(context);
    if (maxSlices < 0) {
      throw new IllegalArgumentException("max slices: expected 0 or more, found " + maxSlices);
    }
  }

  /** The same request with fewer slices. */
  public ImageRequest withMaxSlices(int slices) {
    return new ImageRequest(prompt, policyId, context, priority, deadline, slices);
  }
}
