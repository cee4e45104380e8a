/** The second step: from slices to visual tokens. */
@NullMarked
package dev.sluice.operators.encode;

import org.jspecify.annotations.NullMarked;
