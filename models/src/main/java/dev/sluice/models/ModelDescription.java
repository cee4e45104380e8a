package dev.sluice.models;

import dev.sluice.models.value.Dtype;

/**
 * What a model folder holds and needs, read without its weights' content. Immutable.
 *
 * @param dtype what it would be computed in
 * @param parameters of all parts that are loaded
 * @param weightsBytes device memory of the weights
 * @param kvBytesPerToken device memory that one token of a running text holds
 * @param costs what one picture needs at the most
 */
public record ModelDescription(
    String family,
    String revision,
    Dtype dtype,
    long parameters,
    long weightsBytes,
    long kvBytesPerToken,
    ImageCosts costs) {}
