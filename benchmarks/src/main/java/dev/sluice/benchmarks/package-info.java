/** Programs that measure; each prints JSON lines. See {@code benchmarks/run}. */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
