/**
 * Text to token ids and back, by the rules in a folder's {@code tokenizer.json}. Runs in native
 * code that computes on the processor only and never asks the network.
 */
@NullMarked
package dev.sluice.models.tokenizer;

import org.jspecify.annotations.NullMarked;
