/** The small model that comes with the program, and its policy. */
@NullMarked
package dev.sluice.jobs.embedded;

import org.jspecify.annotations.NullMarked;
