/** Policies as JSON files. */
@NullMarked
package dev.sluice.jobs.policy;

import org.jspecify.annotations.NullMarked;
