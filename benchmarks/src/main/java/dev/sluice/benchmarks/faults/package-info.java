/**
 * A stream on a cluster of separate processes, things that go wrong with it, and the audit that
 * nothing is lost and nothing comes twice.
 */
@NullMarked
package dev.sluice.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
