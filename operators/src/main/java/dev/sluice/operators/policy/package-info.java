/** Policies as JSON files. */
@NullMarked
package dev.sluice.operators.policy;

import org.jspecify.annotations.NullMarked;
