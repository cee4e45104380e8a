/** The first step: from the encoded picture to its slices. */
@NullMarked
package dev.sluice.operators.slice;

import org.jspecify.annotations.NullMarked;
