/** What the jobs share: their options, their ends in Kafka, their event time. */
@NullMarked
package dev.sluice.jobs.stream;

import org.jspecify.annotations.NullMarked;
