/** A Flink in this process that leaves nothing behind. */
@NullMarked
package dev.sluice.jobs.local;

import org.jspecify.annotations.NullMarked;
