/** What operators and devices count, and how it is shown to Flink's metric reporters. */
@NullMarked
package dev.sluice.operators.metrics;

import org.jspecify.annotations.NullMarked;
