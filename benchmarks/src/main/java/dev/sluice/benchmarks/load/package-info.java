/** A job under more load than it can take: what is fed, watched and counted. */
@NullMarked
package dev.sluice.benchmarks.load;

import org.jspecify.annotations.NullMarked;
