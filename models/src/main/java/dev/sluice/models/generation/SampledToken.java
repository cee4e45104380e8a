package dev.sluice.models.generation;

/**
 * A chosen token. Immutable.
 *
 * @param logprob natural logarithm of its probability under the model, before temperature
 */
public record SampledToken(int id, double logprob) {}
