/** The whole stream on one machine: a broker in a child JVM, a mini cluster, pictures, results. */
@NullMarked
package dev.sluice.jobs.demo;

import org.jspecify.annotations.NullMarked;
