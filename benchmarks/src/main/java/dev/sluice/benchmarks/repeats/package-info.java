/** Streams in which pictures come again. */
@NullMarked
package dev.sluice.benchmarks.repeats;

import org.jspecify.annotations.NullMarked;
