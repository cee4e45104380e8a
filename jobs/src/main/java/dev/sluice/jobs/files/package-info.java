/** Pictures in files through the same operators, without Kafka. */
@NullMarked
package dev.sluice.jobs.files;

import org.jspecify.annotations.NullMarked;
