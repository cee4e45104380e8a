/** The job that describes pictures on several levels. */
@NullMarked
package dev.sluice.jobs.describe;

import org.jspecify.annotations.NullMarked;
