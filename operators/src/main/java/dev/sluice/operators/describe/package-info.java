/** Several models on one picture: captions of the whole and of its regions, filtered, merged. */
@NullMarked
package dev.sluice.operators.describe;

import org.jspecify.annotations.NullMarked;
