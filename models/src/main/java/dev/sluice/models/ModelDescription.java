package dev.sluice.models;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Prompt;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a model folder holds and needs, read without its weights' content. Immutable.
 *
 * @param capabilities what it can do
 * @param captionPrompt what it is asked for a caption where nobody says otherwise
 * @param dtype what it would be computed in
 * @param parameters of all parts that are loaded
 * @param weightsBytes device memory of the weights
 * @param kvBytesPerToken device memory that one token of a running text holds
 * @param costs what one picture needs at the most
 * @param arithmetic what a picture and a token take to compute
 */
public record ModelDescription(
    String family,
    String revision,
    Set<Capability> capabilities,
    Prompt captionPrompt,
    Dtype dtype,
    long parameters,
    long weightsBytes,
    long kvBytesPerToken,
    ImageCosts costs,
    ModelArithmetic arithmetic) {
  public ModelDescription {
    capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
  }
}
