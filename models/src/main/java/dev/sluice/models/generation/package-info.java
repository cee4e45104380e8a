/**
 * Text from many sequences at once: {@link dev.sluice.models.generation.GenerationEngine#step()} is
 * schedule, run, post-process.
 *
 * <p>Policy ({@link dev.sluice.models.generation.Scheduler}, {@link
 * dev.sluice.models.generation.KvBlockPool}, {@link dev.sluice.models.generation.Sequence}, {@link
 * dev.sluice.models.generation.SequenceGroup}, {@link dev.sluice.models.generation.BeamSearch},
 * {@link dev.sluice.models.generation.Sampler}, the {@link
 * dev.sluice.models.generation.LogitsProcessor}s) is plain Java; tensors live in {@link
 * dev.sluice.models.generation.ModelRunner}.
 */
@NullMarked
package dev.sluice.models.generation;

import org.jspecify.annotations.NullMarked;
