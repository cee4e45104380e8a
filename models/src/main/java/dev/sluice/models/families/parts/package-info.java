/**
 * What families are composed of: the encode batch, prompts, the text engine, memory, traces. It
 * knows no family.
 */
@NullMarked
package dev.sluice.models.families.parts;

import org.jspecify.annotations.NullMarked;
