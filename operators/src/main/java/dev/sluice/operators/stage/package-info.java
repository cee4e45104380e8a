/** What the three steps share: the operator, its queue, its state. */
@NullMarked
package dev.sluice.operators.stage;

import org.jspecify.annotations.NullMarked;
