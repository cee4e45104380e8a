/** Policies that change while the moderation job runs on a cluster of separate JVMs. */
@NullMarked
package dev.sluice.benchmarks.policies;

import org.jspecify.annotations.NullMarked;
