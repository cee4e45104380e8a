/** The third step: from visual tokens to captions or verdicts. */
@NullMarked
package dev.sluice.operators.decode;

import org.jspecify.annotations.NullMarked;
