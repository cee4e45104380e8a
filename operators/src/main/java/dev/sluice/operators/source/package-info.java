/** The gated source: reads a picture only when the ledger covers it. */
@NullMarked
package dev.sluice.operators.source;

import org.jspecify.annotations.NullMarked;
