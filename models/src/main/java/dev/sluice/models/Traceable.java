package dev.sluice.models;

import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import java.util.Map;

/** Shows every stage of one run, to be held against a reference. Owned by the device thread. */
public interface Traceable {

  /**
   * Runs one picture and one prompt.
   *
   * @throws IllegalArgumentException if the model cannot be asked this way
   * @return the stages in their order: {@code pixel_values}, {@code vision_last_hidden}, {@code
   *     projector}, {@code input_ids}, {@code logits_last}, {@code generated_ids}, or for labels
   *     {@code image_embeds}, {@code text_embeds}, {@code logits_per_image}, {@code probs}; tiles
   *     stacked on the first axis, or {@code name.0}, {@code name.1}, … where their shapes differ
   */
  Map<String, TraceTensor> trace(SlicedPicture picture, TracePrompt prompt, int maxNewTokens);
}
