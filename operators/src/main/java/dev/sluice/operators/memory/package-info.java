/**
 * Admission: every picture in the process is covered by a lease from the moment it enters until it
 * leaves.
 */
@NullMarked
package dev.sluice.operators.memory;

import org.jspecify.annotations.NullMarked;
