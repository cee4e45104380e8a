/** A Flink cluster of separate JVMs, laid out and submitted to as users do. */
@NullMarked
package dev.sluice.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
