/** The captioning job. */
@NullMarked
package dev.sluice.jobs.captioning;

import org.jspecify.annotations.NullMarked;
