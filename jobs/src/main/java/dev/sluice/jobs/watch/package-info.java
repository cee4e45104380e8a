/** The page that shows a stream as it passes, on this machine alone. */
@NullMarked
package dev.sluice.jobs.watch;

import org.jspecify.annotations.NullMarked;
