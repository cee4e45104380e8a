/** One computation for events of the same picture: results under way, and results that are kept. */
@NullMarked
package dev.sluice.operators.reuse;

import org.jspecify.annotations.NullMarked;
