package dev.sluice.models.families.parts;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.ModelRunner;

/**
 * What every family with a language model generates and scores with. Owned by the device thread.
 */
public record TextParts(ModelRunner runner, GenerationEngine engine, LabelScorer scorer) {}
