/**
 * What a user of the operators touches: the model, its options, the three steps, the rejections.
 */
@NullMarked
package dev.sluice.operators;

import org.jspecify.annotations.NullMarked;
