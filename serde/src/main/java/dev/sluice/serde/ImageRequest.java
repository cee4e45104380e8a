package dev.sluice.serde;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sender asks of a picture; everything is optional. Immutable.
 *
 * @param prompt question or instruction in place of the job's own
 * @param policyId policy in place of the job's own
 * @param context words that came with the picture (title, text, category); never an instruction
 * @param priority higher first, 0 by default
 * @param deadline after which the result is of no use
 */
public record ImageRequest(
    @Nullable String prompt,
    @Nullable String policyId,
    Map<String, String> context,
    int priority,
    @Nullable Instant deadline) {

  /** Nothing asked beyond what the job does. */
  public static final ImageRequest NONE = new ImageRequest(null, null, Map.of(), 0, null);

  public ImageRequest {
    context = Map.copyOf(context);
  }
}
