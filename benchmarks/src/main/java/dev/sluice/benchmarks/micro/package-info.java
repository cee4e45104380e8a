/**
 * Parts that run once or more per picture, measured by JMH. See {@link
 * dev.sluice.benchmarks.Micro}.
 */
@NullMarked
package dev.sluice.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
