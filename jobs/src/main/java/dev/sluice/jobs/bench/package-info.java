/** Measures the machine, a model's steps, and the stream: the scenarios of {@code sluice bench}. */
@NullMarked
package dev.sluice.jobs.bench;

import org.jspecify.annotations.NullMarked;
