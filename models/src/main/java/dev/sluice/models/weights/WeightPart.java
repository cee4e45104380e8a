package dev.sluice.models.weights;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A weight file of a model that was published in parts. Immutable.
 *
 * @param names from a tensor's name in the file to the name that the model asks for; empty for one
 *     that it does not need
 */
public record WeightPart(Path file, Function<String, Optional<String>> names) {}
